using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>A command that runs a task on recordings. Derived commands differ only in the presets.</summary>
internal abstract class JobCommand : ServiceCommand
{
    private readonly Argument<string[]> _paths = new("path")
    {
        HelpName = "PATH...",
        Arity = ArgumentArity.ZeroOrMore,
        Description =
            "Recordings: files, folders, or quoted globs such as 'album/**/*.flac'. "
                + "In folders and globs, only audio and video files are processed.",
    };

    private readonly CliOption<bool> _recursive =
        CliOption.Flag(OptionGroup.Inputs, "--recursive", "Search subfolders, too, and arrange the tracks in the same folders.", "-r");

    private readonly CliOption<string?> _filesFrom = CliOption.Text(
        OptionGroup.Inputs,
        "--files-from",
        "FILE",
        "Read paths from this file, one per line or separated by zero bytes. - reads them from standard input.");

    private readonly CliOption<string[]> _include = CliOption.Texts(
        OptionGroup.Inputs, "--include", "GLOB", "In folders and globs, process only files whose names match, for example '*.flac'.");

    private readonly CliOption<string[]> _exclude = CliOption.Texts(
        OptionGroup.Inputs, "--exclude", "GLOB", "In folders and globs, skip files whose names match.");

    protected CliOption<bool> Watch { get; } = CliOption.Flag(
        OptionGroup.Inputs,
        "--watch",
        "Keep running, and process new files that have not changed for 5 seconds. Ctrl-C ends it.");

    private readonly CliOption<string?> _output =
        CliOption.Text(
            OptionGroup.Output,
            "--output",
            "DIR",
            "The folder for the tracks. Each recording gets its own subfolder. The current folder by default.",
            "-o");

    private readonly CliOption<bool> _print0 =
        CliOption.Flag(
            OptionGroup.Output, "--print0", "End each path on standard output with a zero byte instead of a line break, for xargs -0.");

    private readonly CliOption<string?> _outputTemplate = CliOption.Text(
        OptionGroup.Output,
        "--output-template",
        "TEMPLATE",
        "The paths of the tracks, made of {name}, {stem} and {ext}. "
            + $"'{OutputLayout.Default}' by default; '{{name}} ({{stem}}).{{ext}}' creates no folders.");

    private readonly CliOption<string?> _format = CliOption.Choice(
        OptionGroup.Output,
        "--format",
        "FORMAT",
        "The format of the tracks: mp3, wav, flac, aac or ogg. That of the recording by default.",
        LalalAi.EncoderFormat.KnownValues);

    private readonly CliOption<bool> _dereverb =
        CliOption.Flag(OptionGroup.What, "--dereverb", "Remove echo. In a split, only from the vocals.");

    private readonly CliOption<bool> _unchecked =
        CliOption.Flag(
            OptionGroup.What, "--unchecked", "Send values that this version does not know. By default, they are rejected.");

    private readonly RunOptions _run = new();

    protected JobCommand(Output output, ProgramContext context, string name, string description)
        : base(output, context, name, description)
    {
        Add(_paths);
        AddAll(_dereverb, _unchecked, _recursive, _filesFrom, _include, _exclude, Watch, _output, _outputTemplate, _format, _print0);
        AddAll(_run.All);
        Heading = "WHAT TO SEPARATE";
    }

    /// <summary>Adds options before the common ones, so that the help lists them first.</summary>
    protected void AddFirst(params Option[] options)
    {
        for (var index = 0; index < options.Length; index++)
        {
            Options.Insert(index, options[index]);
        }
    }

    /// <summary>Reads the presets for all recordings.</summary>
    /// <exception cref="UsageException">A value is not valid.</exception>
    protected abstract TaskPresets ReadPresets(ParseResult arguments);

    /// <summary>Completes the presets with values from the service.</summary>
    protected virtual Task<TaskPresets> CompleteAsync(
        TaskPresets presets,
        ILalalAiClient client,
        ParseResult arguments,
        CancellationToken cancellationToken) => Task.FromResult(presets);

    /// <summary>Whether files that appear later are processed too.</summary>
    protected virtual bool IsWatching(ParseResult arguments) => arguments.GetValue(Watch);

    protected bool IsUnchecked(ParseResult arguments) => arguments.GetValue(_unchecked);

    /// <summary>The format, or <see langword="null"/> if the service chooses it.</summary>
    protected EncoderFormat? FormatOf(ParseResult arguments) =>
        OptionValue.Read(
            _format.Name,
            arguments.GetValue(_format),
            LalalAi.EncoderFormat.KnownValues,
            value => new EncoderFormat(value),
            IsUnchecked(arguments));

    /// <summary>Whether to remove echo, or <see langword="null"/> for the default of the service.</summary>
    protected bool? DereverbOf(ParseResult arguments) => arguments.GetValue(_dereverb) ? true : null;

    protected override ConnectionOptions ReadConnection(ParseResult arguments) =>
        _run.Connect(base.ReadConnection(arguments), arguments);

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Output.IsNullTerminated = arguments.GetValue(_print0);
        var directory = Path.GetFullPath(arguments.GetValue(_output) ?? ".");
        if (IsSandbox(arguments))
        {
            // Users must not mistake test tracks for real stems.
            directory = Path.Combine(directory, ServiceConnection.SandboxName);
        }

        var request = new JobRequest
        {
            Presets = ReadPresets(arguments),
            Inputs = ReadPaths(arguments),
            Recursive = arguments.GetValue(_recursive),
            ValidatePresets = !IsUnchecked(arguments),
            Layout = new OutputLayout(arguments.GetValue(_outputTemplate) ?? OutputLayout.Default, directory),
            Options = _run.Read(arguments),
        };
        using var program = request.Options.Exec;
        request.Validate();
        var filter = new InputFilter(arguments.GetValue(_include)!, arguments.GetValue(_exclude)!);
        var isWatching = IsWatching(arguments);

        // Created last, so that an invalid command creates no folder.
        using var existing = JobJournal.Exists(directory) && !_run.IsDryRun(arguments) ? JobJournal.Open(directory) : null;
        var index = existing?.Query(index => index) ?? JobJournal.Peek(directory);
        var inputs = InputSet.Find(request.Inputs, request.Recursive, directory, index, filter, mayBeEmpty: isWatching);
        if (_run.IsDryRun(arguments))
        {
            await using var optional = await TryConnectAsync(arguments, cancellationToken);
            var dryRun = new DryRun(ServiceConnection.Current(Context, IsSandbox(arguments)), Output, request, index);
            return await dryRun.RunAsync(inputs, optional, cancellationToken);
        }

        await using var connection = await ConnectAsync(arguments, cancellationToken);
        request = request with { Presets = await CompleteAsync(request.Presets, connection.Client, arguments, cancellationToken) };
        using var created = existing is null ? JobJournal.Open(directory) : null;
        var journal = existing ?? created!;
        var watch = isWatching
            ? new InputWatch(
                () => journal.Query(index => InputSet.Find(request.Inputs, request.Recursive, directory, index, filter, mayBeEmpty: true)),
                TimeProvider.System)
            : null;
        return await JobRun.RunAsync(
            connection, Output, request, journal, isWatching ? InputSet.Empty(directory) : inputs, watch, cancellationToken);
    }

    private List<string> ReadPaths(ParseResult arguments)
    {
        var listed = arguments.GetValue(_filesFrom) is { } file ? PathList.Read(file, Context.OpenInputText) : [];
        var paths = arguments.GetValue(_paths)!.Concat(listed).ToList();
        if (paths.Count == 0)
        {
            throw new UsageException(
                $"No recordings given. Pass files, folders or globs: lalalai {Name} PATH. `lalalai {Name} --help` shows the options.");
        }

        return paths.Contains(string.Empty)
            ? throw new UsageException("A path is empty. Check the variable or the quotes that it comes from.")
            : [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];
    }
}
