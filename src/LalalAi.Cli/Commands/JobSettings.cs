using System.ComponentModel;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

/// <summary>The options of every command that makes tracks of files.</summary>
internal class JobSettings : RunSettings
{
    [CommandArgument(0, "<PATH>")]
    [Description("Recordings: files, folders, or quoted globs such as 'album/**/*.flac'. Of folders and globs, audio and video files are taken.")]
    public required string[] Paths { get; init; }

    [CommandOption("-o|--output <DIR>")]
    [Description("The folder for the tracks; each recording gets a folder of its own in it. By default the current one.")]
    [DefaultValue(".")]
    public required string Output { get; init; }

    [CommandOption("-r|--recursive")]
    [Description("Look for recordings below folders too, and lay the tracks out in the same way.")]
    public bool Recursive { get; init; }

    [CommandOption("--dry-run")]
    [Description("Say what would be done and what it would cost, as far as that is known, and do nothing.")]
    public bool DryRun { get; init; }

    [CommandOption("--format <FORMAT>")]
    [Description("The format of the tracks: mp3, wav, flac, aac or ogg. By default the recording's own.")]
    public string? Format { get; init; }

    [CommandOption("--dereverb")]
    [Description("Remove echo. Of a split, only vocals are cleaned of it. By default it stays.")]
    public bool Dereverb { get; init; }

    [CommandOption("--unchecked")]
    [Description("Send values that this version does not know. By default they are taken for mistakes.")]
    public bool Unchecked { get; init; }

    /// <summary>The format, or <see langword="null"/> when the service is to choose.</summary>
    public EncoderFormat? EncoderFormat => OptionValue.Read("--format", Format, LalalAi.EncoderFormat.KnownValues, value => new EncoderFormat(value), Unchecked);

    /// <summary>Whether to remove echo, or <see langword="null"/> when it was not asked for: a default is left to the service.</summary>
    public bool? DereverbEnabled => Dereverb ? true : null;
}

/// <summary>The options of every command that separates a recording.</summary>
internal class SplitterSettings : JobSettings
{
    [CommandOption("--splitter <NAME>")]
    [Description("The network to separate with: andromeda, perseus, orion, phoenix, lyra or lynx. By default the service chooses the latest for the stem.")]
    public string? SplitterName { get; init; }

    /// <summary>The splitter, or <see langword="null"/> when the service is to choose.</summary>
    public SplitterModel? Splitter => OptionValue.Read("--splitter", SplitterName, SplitterModel.KnownValues, value => new SplitterModel(value), Unchecked);
}
