namespace LalalAi.ContractTool.Tests;

/// <summary>One run of the tool: what it was given, what it printed, and how it ended.</summary>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    public static Tool Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = ContractToolApp.Run(args, output, error);
        return new Tool(exitCode, output.ToString(), error.ToString());
    }
}
