using System.CommandLine;
using System.Globalization;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Diagnosis;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;
using LalalAi.Cli.Probing;
using Newtonsoft.Json;
using Spectre.Console;

namespace LalalAi.Cli.Commands;

internal sealed class DoctorCommand : ServiceCommand
{
    private const string DefaultFile = "lalalai-behavior.json";

    private readonly CliOption<bool> _probe = CliOption.Flag(
        OptionGroup.What,
        "--probe",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Find out what is not documented about the service, with at most {Probe.MaxTasks} tasks on a "
                + $"song of {Probe.SongSeconds} seconds. Costs up to {Probe.MaxMinutes:0.#} minutes, "
                + $"or {Probe.MaxTasks} if the service charges whole minutes, and asks first."));

    private readonly CliOption<bool> _limits = CliOption.Flag(
        OptionGroup.What,
        "--limits",
        "Let the probe exceed the limit of checks, to find out how the service counts them. Takes about three minutes longer.");

    private readonly CliOption<bool> _later = CliOption.Flag(
        OptionGroup.What, "--later", "Complete an earlier probe a day later: are its tasks and its source forgotten? Costs nothing.");

    private readonly CliOption<bool> _yes = CliOption.Flag(OptionGroup.Cost, "--yes", "Start the probe without asking.", "-y");

    private readonly CliOption<string?> _behavior = CliOption.Text(
        OptionGroup.Output,
        "--behavior",
        "FILE",
        $"The file for what the probe finds out, for `lalalai sandbox --behavior`. {DefaultFile} by default.");

    private readonly CliOption<string?> _output =
        CliOption.Text(
            OptionGroup.Output, "--output", "DIR", "The output folder whose free space is shown. The current folder by default.", "-o");

    public DoctorCommand(Output output, ProgramContext context)
        : base(
            output,
            context,
            "doctor",
            "Diagnose problems with the machine, the connection, the contract and the license key. Free without --probe.")
    {
        AddAll(_probe, _limits, _later, _yes, _behavior, _output);
        Examples = ["doctor", "doctor --json", "doctor --probe", "doctor --probe --later"];
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = ReadBehavior(arguments);
        var options = ReadConnection(arguments);
        await using var sandbox = options.IsSandbox ? await ServiceConnection.OpenAsync(options, cancellationToken) : null;
        var directory = Path.GetFullPath(arguments.GetValue(_output) ?? ".");
        var findings = LocalDiagnosis.Run(Output, Context, directory).ToAsyncEnumerable().Concat(
            new ServiceDiagnosis(options, sandbox).RunAsync(cancellationToken));
        var hasFailed = false;
        await foreach (var finding in findings)
        {
            hasFailed |= finding.Status == FindingStatus.Failed;
            Show(finding);
        }

        if (hasFailed)
        {
            if (path is not null)
            {
                Output.Complain("The probe was not started. Fix what failed first.");
            }

            return ExitCode.Failure;
        }

        if (path is not null)
        {
            await ProbeAsync(path, arguments, sandbox, cancellationToken);
        }

        return ExitCode.Success;
    }

    /// <summary>The file of the probe, or <see langword="null"/> without one.</summary>
    private string? ReadBehavior(ParseResult arguments)
    {
        var (isLater, withLimits) = (arguments.GetValue(_later), arguments.GetValue(_limits));
        if (!arguments.GetValue(_probe))
        {
            return isLater || withLimits || arguments.GetValue(_yes) || arguments.GetValue(_behavior) is not null
                ? throw new UsageException("--limits, --later, --yes and --behavior are options of a probe. Add --probe.")
                : null;
        }

        var path = Path.GetFullPath(arguments.GetValue(_behavior) ?? DefaultFile);
        return (isLater, File.Exists(path)) switch
        {
            (true, _) when withLimits => throw new UsageException("--limits is for the first probe, not for --later."),
            (true, false) => throw new UsageException($"'{path}' does not exist. Run `lalalai doctor --probe` first, or pass --behavior."),
            (false, true) => throw new UsageException(
                $"'{path}' exists. To complete that probe a day later, add --later. For another probe, pass another file with --behavior."),
            _ => path,
        };
    }

    private void Show(Finding finding)
    {
        const string Indent = "                      ";
        var sign = finding.Status switch { FindingStatus.Ok => "ok", FindingStatus.Warning => "warning", _ => "FAILED" };
        var lines = finding.Details.Append(finding.Advice).OfType<string>().Select(line => $"\n{Indent}{CellText.Printable(line)}");
        Output.Result(
            "checked",
            new
            {
                name = finding.Name,
                status = finding.Status.ToString().ToLowerInvariant(),
                value = finding.Value,
                details = finding.Details,
                advice = finding.Advice,
            },
            $"{sign,-7}  {finding.Name,-11}  {CellText.Printable(finding.Value)}{string.Concat(lines)}");
    }

    private async Task ProbeAsync(string path, ParseResult arguments, ServiceConnection? sandbox, CancellationToken cancellationToken)
    {
        await using var opened = sandbox is null ? await ConnectAsync(arguments, cancellationToken) : null;
        var connection = sandbox ?? opened!;
        var service = connection.Client.BaseAddress;
        using var checks = connection.IsTemporary ? null : SharedCheckBudget.For(Context, service, connection.Secret);
        using var requests = new ProbeConnection(service, connection.Secret, checks);
        ProbeRecord record;
        if (arguments.GetValue(_later))
        {
            record = new ProbeRecord(path, BehaviorFile.Read(path));
            if (record.File.Service != service)
            {
                throw new UsageException($"'{path}' is about {record.File.Service}, and this command would ask {service}.");
            }

            await new LaterProbe(requests, record, TimeProvider.System).RunAsync(cancellationToken);
        }
        else
        {
            await ConfirmAsync(arguments, cancellationToken);
            record = ProbeRecord.Begin(path, service, TimeProvider.System.GetUtcNow());
            await new Probe(requests, record, TimeProvider.System, connection.IsTemporary)
                .RunAsync(arguments.GetValue(_limits), cancellationToken);
        }

        foreach (var fact in record.File.FactsByName())
        {
            var value = fact.Value.ToString(Formatting.None).Trim('"');
            var reason = record.File.NotSeen.GetValueOrDefault(fact.Name);
            Output.Result(
                "fact",
                new { name = fact.Name, value = fact.Value, reason },
                $"{fact.Name,-28}  {(reason is null ? value : $"not known: {reason}")}");
        }

        Output.Say(
            $"It is written to {path}. `lalalai sandbox --behavior {path}` behaves like that."
                + (record.File.Facts.ExpiredTask is null && !connection.IsTemporary
                    ? " In a day, `lalalai doctor --probe --later` asks whether the service has forgotten the tasks."
                    : string.Empty));
    }

    private async Task ConfirmAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var limits = arguments.GetValue(_limits)
            ? $" Then it exceeds the limit of checks for about {CheckWindowProbe.Duration.TotalMinutes:0} minutes; "
                + "other programs with the same license key have to wait meanwhile."
            : string.Empty;
        Output.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"The probe uploads a song of {Probe.SongSeconds} seconds that it makes, and starts at most {Probe.MaxTasks} tasks on it. "
                + $"That costs {Probe.MaxMinutes:0.#} minutes at most, or {Probe.MaxTasks} if the service charges whole minutes.{limits}"));
        if (arguments.GetValue(_yes))
        {
            return;
        }

        if (!Output.CanAsk)
        {
            throw new UsageException("The probe was not started. Add --yes to confirm.");
        }

        if (!await Output.Console.PromptAsync(new ConfirmationPrompt("Start it?") { DefaultValue = false }, cancellationToken))
        {
            throw new UsageException("The probe was not started.");
        }
    }
}
