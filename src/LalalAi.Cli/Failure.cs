
namespace LalalAi.Cli;

/// <summary>What a failure means to whoever called: the exit code, and a message that says what to do next.</summary>
internal sealed record Failure(int ExitCode, string Message)
{
    /// <summary>Whether everything that follows would fail for the same reason.</summary>
    public bool EndsTheRun { get; private init; }

    public static Failure Of(Exception exception) => exception switch
    {
        UsageException => new(Cli.ExitCode.Usage, exception.Message),
        ArgumentException argument => new(Cli.ExitCode.Usage, Describe(argument)),
        FileNotFoundException missing => new(Cli.ExitCode.Usage, $"There is no file '{missing.FileName}'. Check the path."),
        DirectoryNotFoundException or UnauthorizedAccessException => new(Cli.ExitCode.Usage, exception.Message),
        LalalAiAuthenticationException => new(Cli.ExitCode.Plan, $"{exception.Message} The key is taken from {LalalAiClientOptions.LicenseKeyVariable} or from the file of --license-key-file.") { EndsTheRun = true },
        LalalAiQuotaException quota when quota.Code == StartErrorCode.ExceededDuration.Value => NoMinutes(exception.Message),
        LalalAiQuotaException => new(Cli.ExitCode.Plan, exception.Message),
        LalalAiException or TimeoutException or IOException => new(Cli.ExitCode.Failure, exception.Message),
        _ => new(Cli.ExitCode.Failure, exception.ToString()),
    };

    /// <summary>Returns the message without the name of a parameter, which means nothing to whoever types commands.</summary>
    public static string Describe(ArgumentException exception) => exception.Message.Replace($" (Parameter '{exception.ParamName}')", string.Empty, StringComparison.Ordinal);

    /// <summary>No minutes are left.</summary>
    public static Failure NoMinutes(string message) =>
        new(Cli.ExitCode.Minutes, $"{message} Nothing more is started. Buy minutes and run the same command again; what is done stays done.") { EndsTheRun = true };

    /// <summary>The cap of the command line is reached.</summary>
    public static Failure OverCap(string message) => new(Cli.ExitCode.Minutes, message) { EndsTheRun = true };
}
