using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>The options of every command that processes files: connection, output and limits.</summary>
internal sealed class RunOptions
{
    // About three minutes, so that a run survives the restart of a router.
    private const int Retries = 10;

    private static readonly JobOptions Defaults = new();

    private readonly CliOption<bool> _dryRun = CliOption.Flag(
        OptionGroup.Cost,
        "--dry-run",
        "Show the planned work and its estimated price, and do nothing. Needs no key.");

    private readonly CliOption<double?> _maxMinutes = CliOption.Number(
        OptionGroup.Cost,
        "--max-minutes",
        "The most minutes to spend on the output folder, including earlier runs. "
            + "Tasks that would exceed the limit are not started. No limit by default.");

    private readonly CliOption<bool> _restartLost = CliOption.Flag(
        OptionGroup.Cost,
        "--restart-lost",
        "Restart, and pay again for, tasks whose tracks can no longer be downloaded: "
            + "tasks that failed, were canceled or are too old, and starts whose response was lost.");

    private readonly CliOption<bool> _delete = CliOption.Flag(
        OptionGroup.Output,
        "--delete",
        "Delete each recording from the service once all of its tracks are on disk. By default the service deletes it after 24 hours.");

    private readonly CliOption<bool> _checksum =
        CliOption.Flag(
            OptionGroup.Inputs,
            "--checksum",
            "Detect changed files by content. By default, size and modification time are compared.");

    private readonly CliOption<bool> _cancelOnInterrupt =
        CliOption.Flag(
            OptionGroup.Cost,
            "--cancel-on-interrupt",
            "Cancel the run's own tasks on Ctrl-C. By default they keep running, and the next run fetches their tracks.");

    private readonly CliOption<int?> _uploads =
        CliOption.Integer(
            OptionGroup.Network, "--uploads", $"Files to upload at the same time, from 1 to 16. {Defaults.Uploads} by default.", 1, 16);

    private readonly CliOption<int?> _downloads =
        CliOption.Integer(
            OptionGroup.Network,
            "--downloads",
            $"Recordings to download at the same time, from 1 to 16. {Defaults.Downloads} by default.",
            1,
            16);

    private readonly CliOption<int?> _inFlight = CliOption.Integer(
        OptionGroup.Network,
        "--in-flight",
        $"Files in progress at the same time, from 1 to 1000. {Defaults.InFlight} by default, the maximum of one check.",
        1,
        1000);

    private readonly CliOption<string?> _exec = CliOption.Text(
        OptionGroup.Output,
        "--exec",
        "COMMAND",
        "Run a program after each recording, without a shell. {} stands for the paths of the tracks, "
            + "{input} for the recording, {folder} for the folder of the tracks. By default the paths are appended.");

    private readonly CliOption<long?> _bandwidth =
        CliOption.Bytes(
            OptionGroup.Network,
            "--bwlimit",
            "The maximum bytes per second of all transfers together, for example 500k or 2M. No limit by default.");

    public IReadOnlyList<Option> All =>
    [
        _dryRun, _maxMinutes, _restartLost, _cancelOnInterrupt, _delete, _exec, _checksum, _uploads, _downloads, _inFlight, _bandwidth,
    ];

    /// <summary>Returns how a run connects.</summary>
    public ConnectionOptions Connect(ConnectionOptions connection, ParseResult arguments) =>
        connection with { Bandwidth = arguments.GetValue(_bandwidth), MaxRetries = Retries };

    public bool IsDryRun(ParseResult arguments) => arguments.GetValue(_dryRun);

    public JobOptions Read(ParseResult arguments) => new()
    {
        Uploads = arguments.GetValue(_uploads) ?? Defaults.Uploads,
        Downloads = arguments.GetValue(_downloads) ?? Defaults.Downloads,
        InFlight = arguments.GetValue(_inFlight) ?? Defaults.InFlight,
        MaxMinutes = arguments.GetValue(_maxMinutes),
        Delete = arguments.GetValue(_delete),
        RestartLost = arguments.GetValue(_restartLost),
        CancelOnInterrupt = arguments.GetValue(_cancelOnInterrupt),
        Checksum = arguments.GetValue(_checksum),
        Exec = arguments.GetValue(_exec) is { } command ? new FinishedProgram(command) : null,
    };
}
