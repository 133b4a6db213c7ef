using System.CommandLine;
using LalalAi.Cli.Diagnosis;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal sealed class DoctorCommand : ServiceCommand
{
    private readonly CliOption<string?> _output =
        CliOption.Text(
            OptionGroup.Output, "--output", "DIR", "The output folder whose free space is shown. The current folder by default.", "-o");

    public DoctorCommand(Output output)
        : base(
            output,
            "doctor",
            "Diagnose problems with the machine, the connection and the license key. Free.")
    {
        Add(_output);
        Examples = ["doctor", "doctor --json"];
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var hasFailed = false;
        var directory = Path.GetFullPath(arguments.GetValue(_output) is { Length: > 0 } folder ? folder : ".");
        var findings = LocalDiagnosis.Run(Output, directory).ToAsyncEnumerable().Concat(
            new ServiceDiagnosis(ReadConnection(arguments)).RunAsync(cancellationToken));
        await foreach (var finding in findings)
        {
            hasFailed |= finding.Status == FindingStatus.Failed;
            var sign = finding.Status switch { FindingStatus.Ok => "ok", FindingStatus.Warning => "warning", _ => "FAILED" };
            var status = finding.Status.ToString().ToLowerInvariant();
            var advice = finding.Advice is { } text ? $"\n{string.Empty,22}{text}" : string.Empty;
            Output.Result(
                "checked",
                new { name = finding.Name, status, value = finding.Value, advice = finding.Advice },
                $"{sign,-7}  {finding.Name,-11}  {CellText.Printable(finding.Value)}{advice}");
        }

        return hasFailed ? ExitCode.Failure : ExitCode.Success;
    }
}
