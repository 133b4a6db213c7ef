using System.ComponentModel;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

/// <summary>The options of every command that talks to the service.</summary>
internal class ServiceSettings : CommandSettings
{
    [CommandOption("--license-key-file <FILE>")]
    [Description("Read the license key from this file. By default it comes from the environment variable LALALAI_LICENSE_KEY. It is never an argument, which every user of the machine could read.")]
    public string? LicenseKeyFile { get; init; }

    [CommandOption("--sandbox")]
    [Description("Use a sandbox on this machine, which lives as long as the command: no account, no cost.")]
    public bool Sandbox { get; init; }

    [CommandOption("--json")]
    [Description("Write results to standard output as JSON, one event a line.")]
    public bool Json { get; init; }
}
