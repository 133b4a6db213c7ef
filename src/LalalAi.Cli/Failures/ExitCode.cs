namespace LalalAi.Cli.Failures;

/// <summary>What the process returns; the help text lists the same.</summary>
internal static class ExitCode
{
    /// <summary>All is done.</summary>
    public const int Success = 0;

    /// <summary>Something failed, and trying again may help.</summary>
    public const int Failure = 1;

    /// <summary>The command line, a setting or a file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The key was not accepted, or the plan does not cover it.</summary>
    public const int Plan = 3;

    /// <summary>There are not enough minutes left.</summary>
    public const int Minutes = 4;

    /// <summary>Interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
