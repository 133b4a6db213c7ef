using LalalAi.Cli.Commands;
using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli;

/// <summary>The <c>lalalai</c> command: what it consists of, and how failures become messages and exit codes.</summary>
internal sealed class CommandLine(Output output)
{
    private static readonly string[] Names = ["split", "multistem", "demuse", "clean", "voice", "resume", "status", "cancel", "delete", "minutes", "packs", "sandbox", "demo"];

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var app = new CommandApp();
        app.Configure(Configure);
        try
        {
            return await app.RunAsync(arguments, cancellationToken);
        }
        catch (CommandAppException exception)
        {
            var command = arguments is [var first, ..] && Names.Contains(first) ? first + " " : string.Empty;
            return output.Fail(new UsageException($"{exception.Message} Try `lalalai {command}--help`."), cancellationToken);
        }
        catch (Exception exception)
        {
            return output.Fail(exception, cancellationToken);
        }
    }

    private void Configure(IConfigurator configuration)
    {
        configuration.SetApplicationName("lalalai");
        configuration.Settings.Registrar.RegisterInstance(output);
        // Of itself it writes nothing but help, and that was asked for.
        configuration.ConfigureConsole(output.CreateDataConsole());
        configuration.SetHelpProvider(new HelpText(configuration.Settings));
        configuration.UseAssemblyInformationalVersion();
        configuration.PropagateExceptions();
        configuration.UseStrictParsing();
        AddJobs(configuration);
        configuration.AddCommand<ResumeCommand>("resume")
            .WithDescription("Goes on with the runs into an output folder that did not come to their end.")
            .WithExample("resume", "out");
        configuration.AddCommand<StatusCommand>("status")
            .WithDescription("Shows how far tasks are.")
            .WithExample("status", "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34")
            .WithExample("status", "--from", "out");
        configuration.AddCommand<CancelCommand>("cancel")
            .WithDescription("Cancels tasks: those named, those of an output folder, or all.")
            .WithExample("cancel", "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34")
            .WithExample("cancel", "--from", "out")
            .WithExample("cancel", "--all");
        configuration.AddCommand<DeleteCommand>("delete")
            .WithDescription("Deletes uploaded files, and their tracks, from the service.")
            .WithExample("delete", "--from", "out");
        configuration.AddCommand<MinutesCommand>("minutes").WithDescription("Shows the minutes that are left to spend.").WithExample("minutes");
        configuration.AddCommand<PacksCommand>("packs").WithDescription("Lists the voices: your own packs, and the ready-made ones.").WithExample("packs");
        configuration.AddCommand<SandboxCommand>("sandbox")
            .WithDescription("Runs a stand-in for the service, to try and test with: no account, no cost.")
            .WithExample("sandbox", "--port", "8080", "--speed", "10");
        configuration.AddCommand<DemoCommand>("demo").WithDescription("Makes a short song, splits it in the sandbox, and shows where the tracks are.").WithExample("demo");
    }

    private static void AddJobs(IConfigurator configuration)
    {
        configuration.AddCommand<SplitCommand>("split")
            .WithDescription("Splits recordings into a stem and the rest.")
            .WithExample("split", "song.flac", "--stem", "vocals", "-o", "out")
            .WithExample("split", "albums", "--recursive", "--stem", "drum", "--format", "wav", "--max-minutes", "90", "-o", "out")
            .WithExample("split", "song.wav", "--sandbox");
        configuration.AddCommand<MultistemCommand>("multistem")
            .WithDescription("Splits recordings into up to six stems and the rest. Each stem is charged.")
            .WithExample("multistem", "song.flac", "--stems", "vocals,drum,bass", "-o", "out");
        configuration.AddCommand<DemuseCommand>("demuse")
            .WithDescription("Removes music from speech.")
            .WithExample("demuse", "interview.mp4", "-o", "out");
        configuration.AddCommand<CleanCommand>("clean")
            .WithDescription("Cleans a voice from noise.")
            .WithExample("clean", "'calls/*.wav'", "--noise-cancelling", "aggressive", "--dereverb", "-o", "out");
        configuration.AddCommand<VoiceCommand>("voice")
            .WithDescription("Changes the voice in recordings into another.")
            .WithExample("voice", "song.wav", "--voice", "ALEX_KAYE", "--accent", "0.5", "-o", "out");
    }
}
