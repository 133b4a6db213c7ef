using System.ComponentModel;
using LalalAi.Generated;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class SplitCommand(Output output) : ServiceCommand<SplitCommand.Settings>(output)
{
    internal sealed class Settings : ServiceSettings
    {
        [CommandArgument(0, "<PATH>")]
        [Description("The song: any audio or video file that the service takes.")]
        public required string Path { get; init; }

        [CommandOption("--stem <STEM>")]
        [Description("What to separate: vocals, drum, piano, bass, electric_guitar, acoustic_guitar, synthesizer, strings or wind.")]
        [DefaultValue("vocals")]
        public required string Stem { get; init; }

        [CommandOption("--splitter <NAME>")]
        [Description("The model to separate with: andromeda, perseus, orion, phoenix, lyra or lynx. By default the service chooses the latest for the stem.")]
        public string? Splitter { get; init; }

        [CommandOption("--format <FORMAT>")]
        [Description("The format of the tracks: mp3, wav, flac, aac or ogg. By default the song's own.")]
        public string? Format { get; init; }

        [CommandOption("-o|--output <DIR>")]
        [Description("The folder for the tracks. By default the current one.")]
        [DefaultValue(".")]
        public required string Output { get; init; }
    }

    protected override async Task<int> RunAsync(ILalalAiClient client, Settings settings, CancellationToken cancellationToken)
    {
        var presets = new StemSeparatorPresets
        {
            Stem = new Stem(settings.Stem),
            Splitter = settings.Splitter is { } splitter ? new Splitter(splitter) : null,
            EncoderFormat = settings.Format is { } format ? new EncoderFormat(format) : null,
        };
        await new SplitJob(client, Output).RunAsync(new FileInfo(settings.Path), presets, settings.Output, cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }
}
