namespace LalalAi.AI.Results;

/// <summary>
/// Describes failures with texts of this library. Messages of the service are in a separate field. Messages of the system are omitted,
/// because they may contain file names.
/// </summary>
internal static class ToolFailure
{
    public static (string Reason, string? ServiceText) Describe(Exception exception) => exception switch
    {
        LalalAiFunctionException => (exception.Message, null),
        LalalAiProcessException { InnerException: { } inner } => Describe(inner),
        LalalAiAuthenticationException => ("The service did not accept the license key. A person has to set a valid one.", null),
        LalalAiQuotaException => ("The plan or the minutes of the account do not cover the job. Nothing was started.", TextOf(exception)),
        LalalAiTaskException { State: TaskFailed failed } => ("The task failed on the service.", Quoted.Limit(failed.Error.Detail)),
        LalalAiTaskException { State: TaskCanceled } => ("The task was canceled.", null),
        LalalAiApiException => ("The service rejected the request.", TextOf(exception)),
        LalalAiException => ("The service could not be used. Call again to retry.", TextOf(exception)),
        TimeoutException => ("The service did not answer in time. Call again to retry.", null),
        IOException or UnauthorizedAccessException or InvalidDataException =>
            ("A file could not be read or written, or another process uses the output folder.", null),
        OperationCanceledException => ("The call was canceled.", null),
        _ => ("The call failed for an unexpected reason.", null),
    };

    private static string TextOf(Exception exception) => Quoted.Limit(exception.Message);
}
