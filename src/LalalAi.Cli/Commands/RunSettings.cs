using System.ComponentModel;
using LalalAi.Cli.Jobs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

/// <summary>The options of every command that works on files: how a run goes about them.</summary>
internal class RunSettings : ServiceSettings
{
    [CommandOption("--max-minutes <N>")]
    [Description("Start nothing that would take what is spent into the output folder over N minutes. Earlier runs into the folder count. By default there is no cap.")]
    public double? MaxMinutes { get; init; }

    [CommandOption("--delete")]
    [Description("Delete each file from the service once all of its tracks are safely on disk. By default the service deletes it after 24 hours.")]
    public bool Delete { get; init; }

    [CommandOption("--restart-lost")]
    [Description("Start again, and pay again for, what was paid for and cannot be had any more: tasks that failed, were cancelled or are too old, and starts whose answer was lost.")]
    public bool RestartLost { get; init; }

    [CommandOption("--cancel-on-interrupt")]
    [Description("Cancel the run's own tasks on Ctrl-C. By default they go on, and the next run fetches their tracks.")]
    public bool CancelOnInterrupt { get; init; }

    [CommandOption("--uploads <N>")]
    [Description("Files to upload at the same time, from 1 to 16. By default 3.")]
    [DefaultValue(3)]
    public int Uploads { get; init; } = 3;

    [CommandOption("--downloads <N>")]
    [Description("Tracks to download at the same time, from 1 to 16. By default 4.")]
    [DefaultValue(4)]
    public int Downloads { get; init; } = 4;

    [CommandOption("--in-flight <N>")]
    [Description("Files to have under way at the same time, from 1 to 1000. By default 200, which one check asks for.")]
    [DefaultValue(200)]
    public int InFlight { get; init; } = 200;

    public override ValidationResult Validate() =>
        MaxMinutes is < 0 or double.NaN ? ValidationResult.Error($"--max-minutes is {MaxMinutes}; it must be 0 or more.")
        : Uploads is < 1 or > 16 ? ValidationResult.Error($"--uploads is {Uploads}; it must be from 1 to 16.")
        : Downloads is < 1 or > 16 ? ValidationResult.Error($"--downloads is {Downloads}; it must be from 1 to 16.")
        : InFlight is < 1 or > 1000 ? ValidationResult.Error($"--in-flight is {InFlight}; it must be from 1 to 1000.")
        : ValidationResult.Success();

    public JobOptions ToOptions() => new()
    {
        Uploads = Uploads,
        Downloads = Downloads,
        InFlight = InFlight,
        MaxMinutes = MaxMinutes,
        Delete = Delete,
        RestartLost = RestartLost,
        CancelOnInterrupt = CancelOnInterrupt,
    };
}
