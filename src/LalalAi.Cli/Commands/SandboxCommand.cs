using System.ComponentModel;
using System.Net;
using LalalAi.Cli.Display;
using LalalAi.Sandbox;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class SandboxCommand(Output output) : AsyncCommand<SandboxCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--port <N>")]
        [Description("The port of the API. By default any that is free.")]
        public int Port { get; init; }

        [CommandOption("--links-port <N>")]
        [Description("The port of the download links. By default any that is free.")]
        public int LinksPort { get; init; }

        [CommandOption("--listen <ADDRESS>")]
        [Description("The IP address to listen on. By default 127.0.0.1; 0.0.0.0 lets other machines in.")]
        [DefaultValue("127.0.0.1")]
        public string Listen { get; init; } = "127.0.0.1";

        [CommandOption("--host <NAME>")]
        [Description("A host name that clients may use besides localhost; can be given more than once.")]
        public string[]? Hosts { get; init; }

        [CommandOption("--control-token <TOKEN>")]
        [Description("The token that control calls from other machines need. By default a random one.")]
        public string? ControlToken { get; init; }

        [CommandOption("--minutes <N>")]
        [Description("The minutes that each license key starts with. By default 600.")]
        [DefaultValue(600.0)]
        public double Minutes { get; init; }

        [CommandOption("--speed <N>")]
        [Description("How many times faster than a real task a task is done. By default 1.")]
        [DefaultValue(1.0)]
        public double Speed { get; init; }

        [CommandOption("--license-key <KEY>")]
        [Description("A license key to accept; can be given more than once. By default sandbox-license-key and the keys that stand for faults.")]
        public string[]? LicenseKeys { get; init; }

        [CommandOption("--state <DIR>")]
        [Description("The folder to keep files and tasks in, for the next sandbox on it. By default everything is forgotten.")]
        public string? StateDirectory { get; init; }

        [CommandOption("--json")]
        [Description("Write the address and the key to standard output as JSON.")]
        public bool Json { get; init; }

        public SandboxOptions ToOptions() => new()
        {
            Port = Port,
            LinksPort = LinksPort,
            ListenAddress = IPAddress.Parse(Listen),
            AllowedHosts = Hosts ?? [],
            ControlToken = ControlToken,
            Speed = Speed,
            MinutesPerLicense = Minutes,
            LicenseKeys = LicenseKeys is { Length: > 0 } keys ? keys : null,
            StateDirectory = StateDirectory,
        };

        public override ValidationResult Validate() =>
            Port is < 0 or > 65535 ? ValidationResult.Error($"--port is {Port}; it must be from 0 to 65535.")
            : LinksPort is < 0 or > 65535 ? ValidationResult.Error($"--links-port is {LinksPort}; it must be from 0 to 65535.")
            : !IPAddress.TryParse(Listen, out _) ? ValidationResult.Error($"--listen is {Listen}; it must be an IP address such as 0.0.0.0.")
            : Hosts?.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } host
                ? ValidationResult.Error($"--host is {host}; it must be a host name without a port, such as sandbox.")
            : ControlToken?.All(char.IsAsciiLetterOrDigit) == false || ControlToken?.Length == 0
                ? ValidationResult.Error("--control-token must consist of ASCII letters and digits.")
            : !(Minutes >= 0) || double.IsInfinity(Minutes) ? ValidationResult.Error($"--minutes is {Minutes}; it must be a finite number, 0 or more.")
            : !(Speed > 0) || double.IsInfinity(Speed) ? ValidationResult.Error($"--speed is {Speed}; it must be more than 0.")
            : LicenseKeys?.Any(string.IsNullOrWhiteSpace) == true ? ValidationResult.Error("--license-key is empty; give a key such as sandbox-mine.")
            : ValidationResult.Success();
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        output.IsJson = settings.Json;
        await using var sandbox = await SandboxServer.StartAsync(settings.ToOptions(), cancellationToken).ConfigureAwait(false);
        output.Result("listening", new { base_url = sandbox.BaseAddress, license_key = sandbox.LicenseKey }, sandbox.BaseAddress.ToString());
        output.Say(
            $"""
            The sandbox listens. Point a client at it:

                export {LalalAiClientOptions.BaseAddressVariable}={sandbox.BaseAddress}
                export {LalalAiClientOptions.LicenseKeyVariable}={sandbox.LicenseKey}

            {(settings.StateDirectory is null ? "It forgets everything when it ends." : $"It keeps what it knows in {settings.StateDirectory}.")} Ctrl-C ends it.
            """);
        output.Say(sandbox.UsesFfmpeg
            ? "ffmpeg was found: every format is decoded and encoded."
            : "ffmpeg was not found: WAV, AIFF, MP3, Ogg Vorbis and Opus are decoded, and tracks in a compressed format come back as WAV. Install ffmpeg for the rest.");
        if (!IPAddress.IsLoopback(IPAddress.Parse(settings.Listen)))
        {
            output.Say($"Other machines can connect. Their control calls need the header X-Sandbox-Token: {sandbox.ControlToken}");
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(ended.SetResult).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        return ExitCode.Success;
    }
}
