using LalalAi.Cli.Display;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Tells what happens in a run: to programs as events, to people as notes; and keeps the count.</summary>
internal sealed class RunReport(Output output, IRunDisplay display, RunTally tally)
{
    public IRunDisplay Display => display;

    public RunTally Tally => tally;

    public void Uploaded(string path, SourceEntry source) =>
        output.Event("uploaded", new { file = path, source_id = source.SourceId, minutes = source.Minutes, expires_at = source.ExpiresAt });

    public void Started(JobRecord job) => output.Event("started", new { file = job.Input, task_id = job.Started!.TaskId, source_id = job.Start!.SourceId, minutes = job.Start.Minutes });

    public void Downloaded(JobRecord job, TrackEntry track, string path)
    {
        tally.AddTrack();
        output.Result("downloaded", new { file = job.Input, task_id = job.Started!.TaskId, label = track.Label, path, size = track.Size, sha256 = track.Sha256 }, path, isForPrograms: true);
    }

    public void Finished(string path, JobRecord job, string folder)
    {
        tally.AddDone();
        output.Event("finished", new { file = path, folder, labels = job.Labels });
        display.Note(Mark.Done, $"{Path.GetFileName(path)}: {string.Join(", ", job.Labels!)} in {CellText.ShortPath(folder)}");
    }

    /// <summary>The tracks of a file were on disk already.</summary>
    public void Skipped(string path, JobRecord job, string folder)
    {
        var tracks = job.Labels!.Select(label => Path.Combine(folder, Path.GetFileName(job.Tracks[label].Path))).ToList();
        Skipped(path, $"done before, in {CellText.ShortPath(folder)}", tracks);
        foreach (var track in tracks)
        {
            output.Text(track, isForPrograms: true);
        }
    }

    /// <summary>A file needed no work.</summary>
    public void Skipped(string path, string why, IReadOnlyList<string>? tracks = null)
    {
        tally.AddSkipped();
        output.Event("skipped", new { file = path, reason = why, tracks });
        display.Note(Mark.Skipped, $"{Path.GetFileName(path)}: {why}");
    }

    public void Failed(string path, Failure failure)
    {
        tally.AddFailure(failure);
        output.Event("file_failed", new { file = path, message = failure.Message, exit_code = failure.ExitCode });
        display.Note(Mark.Failed, $"{Path.GetFileName(path)}: {failure.Message}");
    }

    public void Deleted(string path, string sourceId) => output.Event("deleted", new { file = path, source_id = sourceId });

    public void Cancelled(IEnumerable<TaskId> tasks)
    {
        foreach (var task in tasks)
        {
            output.Event("cancelled", new { task_id = task.Value, status = "cancelled", message = (string?)null });
        }
    }

    /// <summary>Says something that is about no single file.</summary>
    public void Say(string text) => display.Note(Mark.Information, text);
}
