namespace LalalAi.Cli.Failures;

/// <summary>The exit codes of the process, as listed in the help.</summary>
internal static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Success = 0;

    /// <summary>A failure for which a retry may help.</summary>
    public const int Failure = 1;

    /// <summary>The command line, a setting or a file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The license key was rejected, or the plan does not cover the request.</summary>
    public const int Plan = 3;

    /// <summary>Not enough minutes are left.</summary>
    public const int Minutes = 4;

    /// <summary>Interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
