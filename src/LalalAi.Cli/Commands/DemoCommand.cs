using System.ComponentModel;
using LalalAi.Cli.Display;
using LalalAi.Cli.Jobs;
using LalalAi.Sandbox;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class DemoCommand(Output output) : AsyncCommand<DemoCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("-o|--output <DIR>")]
        [Description("The folder for the song and its tracks. By default lalalai-demo in the current folder.")]
        [DefaultValue("lalalai-demo")]
        public required string Output { get; init; }
    }

    private static readonly TimeSpan SongDuration = TimeSpan.FromSeconds(8);

    /// <summary>How this program is called: by its own name where it is installed, through <c>dotnet</c> in a clone.</summary>
    private static string OwnName => Path.GetFileName(Environment.ProcessPath) is "lalalai" or "lalalai.exe" ? "lalalai" : "dotnet run --project src/LalalAi.Cli --";

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(settings.Output);
        var song = new FileInfo(Path.Combine(directory.FullName, "demo-song.wav"));
        await File.WriteAllBytesAsync(song.FullName, SandboxSong.Create(SongDuration), cancellationToken);
        output.Say($"Made a song of {SongDuration.TotalSeconds:0} seconds: {CellText.ShortPath(song.FullName)}");

        await using var connection = await ServiceConnection.OpenAsync(inSandbox: true, keyFile: null, cancellationToken);
        var before = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        var request = new JobRequest(new StemSeparatorPresets { Stem = Stem.Vocals }, [song.FullName], Recursive: false);
        var code = await JobRun.StartAsync(connection, output, request, new JobOptions(), directory.FullName, cancellationToken);
        var after = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        if (code != ExitCode.Success)
        {
            return code;
        }

        output.Say(
            $"""

            {(after < before
                ? $"The song went through upload, split, wait and download, in a sandbox on this machine, and cost {before - after:0.##} of its {before:0} free minutes."
                : "An earlier demo had split the song already, so that this one had nothing to do and nothing to pay: a command can be repeated at any time.")}
            The tracks are the two files above. Played together they are the song again; the sandbox tells the stems apart by pitch and is no neural network.

            Next, your own file, still for free:
              {OwnName} split YOUR-SONG.wav --stem drum --sandbox

            A sandbox to test your own program with:
              {OwnName} sandbox --port 8080

            The real service, with the license key from your LALAL.AI account:
              export {LalalAiClientOptions.LicenseKeyVariable}=...
              {OwnName} split YOUR-SONG.mp3
            """);
        return ExitCode.Success;
    }
}
