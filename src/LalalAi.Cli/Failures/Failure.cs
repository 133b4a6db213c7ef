using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace LalalAi.Cli.Failures;

/// <summary>The remedy for a failure. Each value is one piece of advice at the end of a run.</summary>
internal enum NextAction
{
    /// <summary>No known remedy.</summary>
    None,

    /// <summary>Run the same command again.</summary>
    Retry,

    /// <summary>Run the same command with <c>--restart-lost</c>, which pays again.</summary>
    RestartLost,

    /// <summary>Change the plan, the key or the file, and run the same command again.</summary>
    ChangeAndRetry,
}

/// <summary>A failure for the user: the exit code, a message, and the remedy.</summary>
internal sealed partial record Failure(int ExitCode, string Message, NextAction Next = NextAction.ChangeAndRetry)
{
    /// <summary>Whether all further files would fail for the same reason.</summary>
    public bool EndsTheRun { get; init; }

    /// <summary>The error code of the service, or <see langword="null"/>.</summary>
    public string? Code { get; init; }

    public static Failure Of(Exception exception) => exception switch
    {
        JobException job => job.Failure,
        UsageException => new(Failures.ExitCode.Usage, exception.Message),
        ArgumentException argument => new(Failures.ExitCode.Usage, Describe(argument)),
        FileNotFoundException missing => new(Failures.ExitCode.Usage, $"'{missing.FileName}' does not exist. Check the path."),
        DirectoryNotFoundException or UnauthorizedAccessException => new(Failures.ExitCode.Usage, exception.Message),
        LalalAiProcessException { InnerException: { } inner } => Of(inner),
        LalalAiAuthenticationException authentication =>
            new(
                Failures.ExitCode.Plan,
                // The service's message describes the header, which users do not see.
                $"The service rejected the license key (HTTP {authentication.StatusCode}). "
                    + "Check that it is complete, active, and allowed to do this. `lalalai doctor` shows where the key comes from.")
            {
                EndsTheRun = true,
                Code = authentication.Code,
            },
        LalalAiConnectionException { InnerException: { } inner } connection when IsAboutSecurity(inner) =>
            new(Failures.ExitCode.Usage, Describe(connection)) { EndsTheRun = true },
        LalalAiQuotaException quota when quota.Code == StartErrorCode.ExceededDuration.Value =>
            NoMinutes(Describe(quota)) with { Code = quota.Code },
        LalalAiQuotaException quota => new(Failures.ExitCode.Plan, Describe(quota)) { Code = quota.Code },
        LalalAiApiException api => new(Failures.ExitCode.Failure, Describe(api), NextAction.Retry) { Code = api.Code },
        LalalAiException lalalai => new(Failures.ExitCode.Failure, Describe(lalalai), NextAction.Retry),
        TimeoutException or IOException => new(Failures.ExitCode.Failure, exception.Message, NextAction.Retry),
        _ => new(Failures.ExitCode.Failure, exception.ToString(), NextAction.Retry),
    };

    /// <summary>Returns the message without the operation at its start, whose name users do not know.</summary>
    public static string Describe(LalalAiException exception) => Operation().Replace(
        exception.Message, match => char.ToUpperInvariant(match.Groups[1].ValueSpan[0]).ToString());

    /// <summary>Returns the message without the name of a parameter, which users do not know.</summary>
    public static string Describe(ArgumentException exception) =>
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", string.Empty, StringComparison.Ordinal);

    /// <summary>Whether there is no secure connection, for example because the certificate is not trusted. A retry cannot help.</summary>
    private static bool IsAboutSecurity(Exception exception)
    {
        for (var link = exception; link is not null; link = link.InnerException)
        {
            if (link is AuthenticationException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>No minutes are left.</summary>
    public static Failure NoMinutes(string message) =>
        new(
            Failures.ExitCode.Minutes,
            $"{message} Nothing more is started. Buy minutes and run the same command again; finished files stay finished.")
        { EndsTheRun = true };

    /// <summary>The limit of <c>--max-minutes</c> is reached.</summary>
    public static Failure OverLimit(string message) => new(Failures.ExitCode.Minutes, message) { EndsTheRun = true };

    [GeneratedRegex("^[A-Z][A-Za-z]+: ([a-z])")]
    private static partial Regex Operation();
}

/// <summary>One file cannot be finished, but others can.</summary>
internal sealed class JobException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}
