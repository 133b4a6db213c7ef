using LalalAi.Sandbox.Audio;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.State;

/// <summary>The saved state of a license.</summary>
internal sealed record SavedLicense(
    string Key,
    double MinutesLeft,
    IReadOnlyList<SavedSource> Sources,
    IReadOnlyList<SavedTask> Tasks,
    IReadOnlyList<SavedStart> Starts);

/// <summary>The saved state of a source. Its bytes are in a separate file.</summary>
internal sealed record SavedSource(
    Guid Id,
    string Name,
    string Content,
    DateTimeOffset Expires,
    DateTimeOffset? Deleted,
    DateTimeOffset FilesNeededUntil,
    Media Media)
{
    public static SavedSource Of(Source source) =>
        new(source.Id, source.Name, source.Content, source.Expires, source.Deleted, source.FilesNeededUntil, source.Media);

    public Source Restore(string path, FaultPlan? faults) => new(Id, Name, path, new FileInfo(path).Length, Media, Expires)
    {
        Content = Content,
        Faults = faults,
        Deleted = Deleted,
        FilesNeededUntil = FilesNeededUntil,
    };
}

/// <summary>The saved state of a task. Its tracks are created again.</summary>
internal sealed record SavedTask(
    Guid Id,
    Guid SourceId,
    JObject Presets,
    DateTimeOffset Created,
    DateTimeOffset LeavesQueue,
    DateTimeOffset Completes,
    DateTimeOffset? Canceled,
    bool Fails,
    string? FailureCode,
    string? FailureDetail)
{
    public static SavedTask Of(SeparationTask task) => new(
        task.Id,
        task.Source.Id,
        task.Presets,
        task.Created,
        task.Schedule.LeavesQueue,
        task.Schedule.Completes,
        task.Canceled,
        task.Failure is not null,
        task.Failure?.Text,
        task.Failure?.Detail);

    public SeparationTask Restore(Source source) => new(Id, source, Presets, Created, new ProcessingSchedule(LeavesQueue, Completes))
    {
        Canceled = Canceled,
        Failure = Fails ? Fault.TaskError(FailureCode, FailureDetail) : null,
    };
}

/// <summary>An idempotency key that was used.</summary>
internal sealed record SavedStart(Guid IdempotencyKey, Guid TaskId, string Parameters);
