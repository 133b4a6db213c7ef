using System.Runtime.CompilerServices;
using LalalAi.AI.Jobs;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>One run over files: finds them, gives each its job, and runs many jobs at once.</summary>
internal sealed class JobRun(ServiceConnection connection, JobRequest request, JobJournal journal, RunReport report, Budget budget)
    : IDisposable
{
    // A kill can lose the starts in flight.
    private const int ParallelStarts = 4;

    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);

    // The number of the work in the journal.
    private readonly int _work = journal.Query(index => index.WorkOf(connection.Service, request.Presets));
    private readonly HashSet<JobRecord> _found = [];

    public ILalalAiClient Client { get; } = connection.Client;

    /// <summary>The service in the journal.</summary>
    public string Service { get; } = connection.Service;

    public JobRequest Request { get; } = request;

    public JobJournal Journal { get; } = journal;

    public RunReport Report { get; } = report;

    public Budget Budget { get; } = budget;

    public Places Uploads { get; } = new(request.Options.Uploads);

    public Places Starts { get; } = new(ParallelStarts);

    public Places Downloads { get; } = new(request.Options.Downloads);

    /// <summary>Runs to the end.</summary>
    /// <param name="connection">The service.</param>
    /// <param name="output">Where the run reports.</param>
    /// <param name="request">What to do.</param>
    /// <param name="journal">The journal of the output folder.</param>
    /// <param name="inputs">The files.</param>
    /// <param name="watch">Finds files that appear later, or <see langword="null"/> if the run ends with those that are there.</param>
    /// <param name="cancellationToken">Interrupts the run, which can be resumed.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public static async Task<int> RunAsync(
        ServiceConnection connection,
        Output output,
        JobRequest request,
        JobJournal journal,
        InputSet inputs,
        InputWatch? watch,
        CancellationToken cancellationToken)
    {
        if (connection.IsTemporary)
        {
            journal.Forget(connection.Service);
        }

        var balance = await connection.GetMinutesLeftAsync(cancellationToken);
        await using var report = new RunReport(output, connection, journal, balance);
        var spent = journal.Query(index => index.MinutesSpent(connection.Service));
        var budget = new Budget(request.Options.MaxMinutes, spent, balance, journal.Directory);
        using var run = new JobRun(connection, request, journal, report, budget);
        return await run.RunAsync(inputs, watch, cancellationToken);
    }

    public void Dispose()
    {
        Uploads.Dispose();
        Starts.Dispose();
        Downloads.Dispose();
    }

    private async Task<int> RunAsync(InputSet inputs, InputWatch? watch, CancellationToken cancellationToken)
    {
        var begun = Journal.Query(
            index => index.Jobs.Where(job => job.Work == _work && job.IsInProgress).OrderByDescending(job => job.IsStartOpen).ToList());
        var files = Plan(inputs.Files);
        var paths = files.Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);
        Report.Begin(
            files.Count + inputs.Problems.Count + begun.Count(job => !paths.Contains(job.Input)),
            files.Sum(file => file.File.Size) + begun.Sum(job => job.Start!.Source.Size ?? 0),
            begun.Count,
            inputs.LeftOut,
            WarnAboutFormats(inputs.Files));
        ReportProblems(inputs.Problems);
        try
        {
            await Parallel.ForEachAsync(
                FindJobsAsync(begun, files, watch, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = Request.Options.InFlight, CancellationToken = cancellationToken },
                async (job, _) => await job.RunAsync(cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (watch is not null && cancellationToken.IsCancellationRequested && Report.IsComplete)
        {
            // That is how watching ends.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (Request.Options.CancelOnInterrupt)
            {
                await CancelTasksAsync();
            }

            Report.Interrupt();
            throw;
        }
        finally
        {
            Report.InProgress = Journal.Query(index => index.Jobs.Count(job => job.Work == _work && job.IsInProgress));
        }

        return Report.ExitCode;
    }

    /// <summary>
    /// Returns the jobs: those of an earlier run that are in progress, those of the files that were found, and those of files that appear
    /// later. Files are read one after the other: the first one of those with the same content gives the tracks their name.
    /// </summary>
    private async IAsyncEnumerable<FileJob> FindJobsAsync(
        IEnumerable<JobRecord> begun,
        IEnumerable<(InputFile File, string Name)> files,
        InputWatch? watch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var job in begun)
        {
            _found.Add(job);
            var input = new InputFile(job.Input, string.Empty, job.Start!.Source.Size ?? 0, default);
            yield return new FileJob(this, input, job, Report.Display.Begin(input.Path, input.Size));
        }

        await foreach (var (file, name) in FindFilesAsync(files, watch, cancellationToken))
        {
            if (await FindJobAsync(file, name, cancellationToken) is { } job)
            {
                yield return job;
            }
        }
    }

    private async IAsyncEnumerable<(InputFile File, string Name)> FindFilesAsync(
        IEnumerable<(InputFile File, string Name)> files,
        InputWatch? watch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files.TakeWhile(_ => Report.Stop is null))
        {
            yield return file;
        }

        if (watch is null)
        {
            yield break;
        }

        Report.Say("Waiting for files. Ctrl-C ends it.");
        await foreach (var found in watch.WatchAsync(cancellationToken))
        {
            if (Report.Stop is not null)
            {
                yield break;
            }

            Report.Expect(found.Files.Count + found.Problems.Count, found.Files.Sum(file => file.Size));
            ReportProblems(found.Problems);
            foreach (var file in found.Files.Count > 0 ? Plan(found.Files) : [])
            {
                yield return file;
            }
        }
    }

    /// <summary>Returns the job of a file, or <see langword="null"/> if it cannot be read, or another file has the same content.</summary>
    private async Task<FileJob?> FindJobAsync(InputFile input, string name, CancellationToken cancellationToken)
    {
        var view = Report.Display.Begin(input.Path, input.Size);
        try
        {
            var job = await ReadAsync(input, name, view, cancellationToken);
            if (_found.Add(job))
            {
                return new FileJob(this, input, job, view);
            }

            if (job.Input != input.Path)
            {
                Report.Duplicate(input.Path, job.Input);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Report.Failed(input.Path, Failure.Of(exception));
        }

        view.Dispose();
        return null;
    }

    private async Task<JobRecord> ReadAsync(InputFile input, string name, IFileDisplay view, CancellationToken cancellationToken)
    {
        input.RequireContent();
        var sha256 = Request.Options.Checksum ? null : Journal.Query(index => KnownHash(input, index));
        if (sha256 is null)
        {
            view.Enter(Phase.Reading);
            sha256 = await ContentHash.ComputeAsync(
                input.Path, new SynchronousProgress<long>(position => view.Report((double)position / input.Size)), cancellationToken);
            Journal.Append(new FileEntry(_work, input.Path, input.Size, input.ModifiedAt, name, sha256));
        }

        return Journal.GetOrAdd(_work, sha256, index => Request.Layout.CreateJob(_work, sha256, input, name, Request.Presets, index));
    }

    private void ReportProblems(IEnumerable<InputProblem> problems)
    {
        foreach (var problem in problems)
        {
            Report.Failed(problem.Path, new Failure(ExitCode.Usage, problem.Message));
        }
    }

    /// <summary>Returns what a sandbox without ffmpeg cannot do with the files, or <see langword="null"/>.</summary>
    private string? WarnAboutFormats(IReadOnlyList<InputFile> files)
    {
        var format = TrackNames.FormatOf(Request.Presets)?.Value;
        var isCompressed = format is null
            ? files.Any(file => Path.GetExtension(file.Path).ToLowerInvariant() is not (".wav" or ".aif" or ".aiff"))
            : format != "wav";
        return connection.LacksFfmpeg && isCompressed
            ? "ffmpeg was not found, so the sandbox returns WAV instead of compressed formats, and does not decode all of them. "
                + "Install ffmpeg to try those."
            : null;
    }

    /// <summary>Notes the run and its files in the journal, so that `resume` knows what belongs to it.</summary>
    private IReadOnlyList<(InputFile File, string Name)> Plan(IReadOnlyList<InputFile> files)
    {
        var named = Journal.Query(index => Request.Layout.NameAll(files, _work, index));
        if (!Journal.Query(index => index.Runs.Any(run => Request.IsSameAs(run, _work))))
        {
            Journal.Append(new RunEntry
            {
                Work = _work,
                Service = Service,
                Presets = Request.Presets,
                Inputs = Request.Inputs,
                Recursive = Request.Recursive,
                Delete = Request.Options.Delete,
                MaxMinutes = Request.Options.MaxMinutes,
                OutputTemplate = Request.Layout.Template == OutputLayout.Default ? null : Request.Layout.Template,
                At = TimeProvider.System.GetUtcNow(),
            });
        }

        Journal.Append(Journal.Query(index => named
            .Where(file => !index.IsFileOf(_work, file.File.Path))
            .Select(
                file => new FileEntry(_work, file.File.Path, file.File.Size, file.File.ModifiedAt, file.Name, KnownHash(file.File, index)))
            .ToList()));
        return named;
    }

    private string? KnownHash(InputFile input, JobIndex index) => index.FindHash(_work, input.Path, input.Size, input.ModifiedAt);

    private async Task CancelTasksAsync()
    {
        using var timeout = TimeProvider.System.CreateCancellationTokenSource(CancelTimeout);
        var running = Journal.Query(index => index.Jobs
            .Where(job => job.Work == _work && job.IsInProgress && job.TaskId is not null)
            .ToDictionary(job => new TaskId(job.TaskId!)));
        var results = await Client.CancelAsync(running.Keys, timeout.Token);
        var canceled = results.Values.OfType<CancelSucceeded>().Select(result => result.TaskId).ToList();
        Journal.Append(
            canceled.Select(task => new EndedEntry(running[task].Number, $"Task {task} was canceled when the run was interrupted.")));
        Report.Canceled(canceled, running.Count);
    }
}
