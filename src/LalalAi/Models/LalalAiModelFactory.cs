namespace LalalAi;

/// <summary>
/// Creates results of the service, for tests of an application. Every argument is optional; an omitted ID is a new one.
/// Change other members with <c>with</c>.
/// </summary>
public static class LalalAiModelFactory
{
    /// <summary>Creates an uploaded file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="duration">Its playing time. 3 minutes by default.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="id">Its ID.</param>
    public static SourceFile SourceFile(
        string name = "song.wav", TimeSpan? duration = null, long? size = 31_752_044, SourceId? id = null) =>
        new() { Id = id ?? NewSourceId(), Name = name, Size = size, Duration = duration ?? TimeSpan.FromMinutes(3) };

    /// <summary>Creates the state of a task that is queued, at 0 percent, or in progress.</summary>
    /// <param name="percent">The progress in percent.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="presets">The parameters of the task. A split into vocals by default.</param>
    /// <param name="sourceId">The source of the task.</param>
    public static TaskInProgress TaskInProgress(
        int? percent = 50, TaskId? taskId = null, TaskPresets? presets = null, SourceId? sourceId = null) =>
        new() { TaskId = taskId ?? NewTaskId(), SourceId = sourceId ?? NewSourceId(), Presets = presets ?? Vocals(), Percent = percent };

    /// <summary>Creates the state of a task that succeeded.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="labels">The labels of its tracks. <c>vocals</c> and <c>no_vocals</c> by default.</param>
    /// <param name="presets">The parameters of the task. A split into vocals by default.</param>
    /// <param name="sourceId">The source of the task.</param>
    public static TaskSucceeded TaskSucceeded(
        TaskId? taskId = null, IEnumerable<string>? labels = null, TaskPresets? presets = null, SourceId? sourceId = null)
    {
        var id = taskId ?? NewTaskId();
        return new TaskSucceeded
        {
            TaskId = id,
            SourceId = sourceId ?? NewSourceId(),
            Presets = presets ?? Vocals(),
            Tracks = [.. (labels ?? ["vocals", "no_vocals"]).Select((label, index) => TaskTrack(label, id) with { Index = index })],
            Duration = TimeSpan.FromMinutes(3),
        };
    }

    /// <summary>Creates the state of a task that failed.</summary>
    /// <param name="detail">The reason, for people.</param>
    /// <param name="code">The reason as a code.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="presets">The parameters of the task. A split into vocals by default.</param>
    /// <param name="sourceId">The source of the task.</param>
    public static TaskFailed TaskFailed(
        string detail = "No vocals were found.",
        string? code = "no_vocals",
        TaskId? taskId = null,
        TaskPresets? presets = null,
        SourceId? sourceId = null) =>
        new()
        {
            TaskId = taskId ?? NewTaskId(),
            SourceId = sourceId ?? NewSourceId(),
            Presets = presets ?? Vocals(),
            Error = new TaskError { Detail = detail, Code = code },
        };

    /// <summary>Creates the state of a task that was canceled.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="presets">The parameters of the task. A split into vocals by default.</param>
    /// <param name="sourceId">The source of the task.</param>
    public static TaskCanceled TaskCanceled(TaskId? taskId = null, TaskPresets? presets = null, SourceId? sourceId = null) =>
        new() { TaskId = taskId ?? NewTaskId(), SourceId = sourceId ?? NewSourceId(), Presets = presets ?? Vocals() };

    /// <summary>Creates the state of a task that the service cannot look up.</summary>
    /// <param name="message">The service's error message.</param>
    /// <param name="taskId">The task.</param>
    public static TaskLookupFailed TaskLookupFailed(string message = "Task not found", TaskId? taskId = null) =>
        new() { TaskId = taskId ?? NewTaskId(), Message = message };

    /// <summary>Creates a track, without a link.</summary>
    /// <param name="label">Its label. One that begins with <c>no_</c> makes it the rest of the recording, not a stem.</param>
    /// <param name="taskId">The task that created it.</param>
    /// <param name="fileName">The name of its file. <c>song_LABEL.wav</c> by default.</param>
    /// <param name="size">Its size in bytes.</param>
    public static TaskTrack TaskTrack(
        string label = "vocals", TaskId? taskId = null, string? fileName = null, long? size = 31_752_044) => new()
        {
            TaskId = taskId ?? NewTaskId(),
            Label = label,
            Type = label?.StartsWith("no_", StringComparison.Ordinal) == true ? TrackType.Back : TrackType.Stem,
            FileName = fileName ?? $"song_{label}.wav",
            Size = size,
        };

    private static StemSeparatorPresets Vocals() => new() { Stem = Stem.Vocals };

    private static TaskId NewTaskId() => new(Guid.NewGuid().ToString());

    private static SourceId NewSourceId() => new(Guid.NewGuid().ToString());
}
