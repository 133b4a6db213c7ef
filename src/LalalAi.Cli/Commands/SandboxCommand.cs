using System.CommandLine;
using System.Net;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;
using LalalAi.Cli.Probing;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Commands;

internal sealed class SandboxCommand : CliCommand
{
    private readonly CliOption<double?> _speed = CliOption.Number(
        OptionGroup.What,
        "--speed",
        "The factor by which tasks are processed faster than on the service. 1 by default.",
        least: 0.001);

    private readonly CliOption<double?> _minutes = CliOption.Number(
        OptionGroup.What,
        "--minutes",
        "The minutes that each license key starts with. 600 by default.");

    private readonly CliOption<string?> _state =
        CliOption.Text(
            OptionGroup.What,
            "--state",
            "DIR",
            "The folder that keeps files and tasks for the next sandbox. By default, nothing is kept.");

    private readonly CliOption<string?> _behavior = CliOption.Text(
        OptionGroup.What,
        "--behavior",
        "FILE",
        "Behave like the service, according to a file that `lalalai doctor --probe` wrote.");

    private readonly CliOption<int?> _port = CliOption.Integer(
        OptionGroup.Network, "--port", "The port of the API. Any free one by default.", 0, 65535);

    private readonly CliOption<int?> _linksPort = CliOption.Integer(
        OptionGroup.Network, "--links-port", "The port of the download links. Any free one by default.", 0, 65535);

    private readonly CliOption<string?> _listen =
        CliOption.Text(
            OptionGroup.Network,
            "--listen",
            "ADDRESS",
            "The IP address to listen on. 127.0.0.1 by default; 0.0.0.0 lets other machines connect.");

    private readonly CliOption<string[]> _hosts =
        CliOption.Texts(
            OptionGroup.Network, "--host", "NAME", "A host name that clients may use besides localhost. Can be given more than once.");

    private readonly CliOption<string[]> _licenseKeys = CliOption.Texts(
        OptionGroup.Network,
        "--license-key",
        "KEY",
        "A license key to accept. Can be given more than once. By default, sandbox-license-key and the special keys that simulate faults.");

    private readonly CliOption<string?> _controlToken =
        CliOption.Text(
            OptionGroup.Network,
            "--control-token",
            "TOKEN",
            "The token that control calls from other machines need. A random one by default.");

    private readonly CliOption<bool> _open = CliOption.Flag(OptionGroup.General, "--open", "Open the sandbox's web page in the browser.");

    private readonly Output _output;

    public SandboxCommand(Output output)
        : base("sandbox", "Run a local stand-in for the service, for experiments and tests: no account, no cost.")
    {
        _output = output;
        var json = CliOption.Flag(
            OptionGroup.General, OutputCommand.JsonOption, "Write the address and the key to standard output as JSON.");
        AddAll(_speed, _minutes, _state, _behavior, _port, _linksPort, _listen, _hosts, _licenseKeys, _controlToken, _open, json);
        Examples = ["sandbox --port 8080 --speed 10"];
        SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
    }

    private SandboxOptions Read(ParseResult arguments)
    {
        var keys = arguments.GetValue(_licenseKeys)!;
        var hosts = arguments.GetValue(_hosts)!;
        var token = arguments.GetValue(_controlToken);
        if (keys.Any(string.IsNullOrWhiteSpace))
        {
            throw new UsageException("--license-key is empty. Pass a key such as sandbox-mine.");
        }

        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } wrong)
        {
            throw new UsageException($"--host is '{wrong}'; it must be a host name without a port, such as sandbox.");
        }

        if (token is not null && (token.Length == 0 || !token.All(char.IsAsciiLetterOrDigit)))
        {
            throw new UsageException("--control-token must consist of ASCII letters and digits.");
        }

        var listen = arguments.GetValue(_listen) ?? "127.0.0.1";
        return new SandboxOptions
        {
            Port = arguments.GetValue(_port) ?? 0,
            LinksPort = arguments.GetValue(_linksPort) ?? 0,
            ListenAddress = IPAddress.TryParse(listen, out var address)
                ? address
                : throw new UsageException($"--listen is '{listen}'; it must be an IP address, such as 0.0.0.0."),
            AllowedHosts = hosts,
            ControlToken = token,
            Speed = arguments.GetValue(_speed) ?? 1,
            MinutesPerLicense = arguments.GetValue(_minutes) ?? 600,
            LicenseKeys = keys.Length > 0 ? keys : null,
            StateDirectory = arguments.GetValue(_state),
            Behavior = arguments.GetValue(_behavior) is { } file ? BehaviorFile.Read(file).Facts : null,
        };
    }

    /// <exception cref="UsageException">A port or the folder for the state cannot be used.</exception>
    private static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SandboxServer.StartAsync(options, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = Read(arguments);
        await using var sandbox = await StartAsync(options, cancellationToken);
        _output.Result(
            "listening",
            new { base_url = sandbox.BaseAddress, license_key = sandbox.LicenseKey, dashboard = sandbox.DashboardAddress },
            sandbox.BaseAddress.ToString());
        var state = options.StateDirectory is { } folder ? $"It keeps its state in {folder}." : "It forgets everything when it ends.";
        _output.Say(
            $"""
            The sandbox is listening. Point a client at it:

                export {LalalAiClientOptions.BaseAddressVariable}={sandbox.BaseAddress}
                export {LalalAiClientOptions.LicenseKeyVariable}={sandbox.LicenseKey}

            See what it does, in a browser: {sandbox.DashboardAddress}

            {state} Ctrl-C ends it.
            """);
        _output.Say(sandbox.UsesFfmpeg
            ? "ffmpeg was found: every format is decoded and encoded."
            : "ffmpeg was not found: WAV, AIFF, MP3, Ogg Vorbis and Opus are decoded, and tracks in a compressed format come back as WAV. "
                + "Install ffmpeg for the rest.");
        if (!IPAddress.IsLoopback(options.ListenAddress))
        {
            _output.Say(
                "Other machines can connect. The web page asks them for a token, "
                    + $"and their control calls need it in the header X-Sandbox-Token: {sandbox.ControlToken}");
        }

        if (arguments.GetValue(_open))
        {
            Browser.Open(sandbox.DashboardAddress, _output);
        }

        await TimeProvider.System.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }
}
