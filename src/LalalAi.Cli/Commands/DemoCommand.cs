using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;
using LalalAi.Cli.Parsing;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Commands;

internal sealed class DemoCommand : CliCommand
{
    private const string DefaultFolder = "lalalai-demo";

    private static readonly TimeSpan SongDuration = TimeSpan.FromSeconds(8);

    private readonly CliOption<string?> _folder =
        CliOption.Text(
            OptionGroup.Output,
            "--output",
            "DIR",
            $"The folder for the song and its tracks. {DefaultFolder} in the current folder by default.",
            "-o");

    private readonly CliOption<bool> _open = CliOption.Flag(
        OptionGroup.Output, "--open", "Show and play the tracks in the browser, until Ctrl-C.");

    private readonly Output _output;
    private readonly ProgramContext _context;

    public DemoCommand(Output output, ProgramContext context)
        : base("demo", "Create a short song, split it in the sandbox, and show where the tracks are.")
    {
        _output = output;
        _context = context;
        Add(_folder);
        Add(_open);
        Examples = ["demo", "demo --open"];
        SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
    }

    /// <summary>The command that starts this program: its name if it is installed, or <c>dotnet run</c> in a clone.</summary>
    private static string OwnName =>
        Path.GetFileName(Environment.ProcessPath) is "lalalai" or "lalalai.exe" ? "lalalai" : "dotnet run --project src/LalalAi.Cli --";

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(arguments.GetValue(_folder) ?? DefaultFolder).FullName;
        var song = Path.Combine(directory, "demo-song.wav");
        if (!File.Exists(song))
        {
            await File.WriteAllBytesAsync(song, SandboxSong.Create(SongDuration), cancellationToken);
        }

        _output.Say($"A song of {SongDuration.TotalSeconds:0} seconds: {CellText.ShortPath(song)}");
        var options = new ConnectionOptions(_context) { IsSandbox = true };
        await using var connection = await ServiceConnection.OpenAsync(options, cancellationToken);
        var before = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        using var journal = JobJournal.Open(directory);
        var request = new JobRequest
        {
            Presets = new StemSeparatorPresets { Stem = Stem.Vocals },
            Inputs = [song],
            Layout = new OutputLayout(OutputLayout.Default, directory),
        };
        var inputs = InputSet.Find(request.Inputs, request.Recursive, directory, journal.Query(index => index), InputFilter.All);
        var code = await JobRun.RunAsync(connection, _output, request, journal, inputs, watch: null, cancellationToken);
        var after = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        if (code != ExitCode.Success)
        {
            return code;
        }

        var summary = after < before
            ? "The song was uploaded, split and downloaded, in a sandbox on this machine. "
                + $"That cost {before - after:0.##} of {before:0} free minutes."
            : "An earlier demo split the song already, so nothing was left to do or to pay. Every command can be run again at any time.";
        _output.Say(
            $"""

            {summary}
            The two files above are the tracks. Mixed together, they make the song again. The sandbox separates them by pitch, not with a
            neural network.

            Next, your own file, still for free:
              {OwnName} split YOUR-SONG.wav --stem drum --sandbox

            A sandbox to test your own program with:
              {OwnName} sandbox --port 8080

            The real service, with the license key from your LALAL.AI account:
              export {LalalAiClientOptions.LicenseKeyVariable}=...
              {OwnName} split YOUR-SONG.mp3
            """);
        if (arguments.GetValue(_open))
        {
            await ShowAsync(connection, song, request.Presets, isDone: after < before, cancellationToken);
        }

        return ExitCode.Success;
    }

    private async Task ShowAsync(
        ServiceConnection connection,
        string song,
        TaskPresets presets,
        bool isDone,
        CancellationToken cancellationToken)
    {
        if (!isDone)
        {
            // The task of an earlier demo ended with its sandbox.
            var source = await connection.Client.UploadAsync(song, cancellationToken: cancellationToken);
            await connection.Client.StartAsync(source.Id, presets, cancellationToken: cancellationToken);
        }

        _output.Say($"\nThe tracks are also at {connection.DashboardAddress} until Ctrl-C ends the sandbox.");
        Browser.Open(connection.DashboardAddress!, _output);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
