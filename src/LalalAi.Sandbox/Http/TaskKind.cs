namespace LalalAi.Sandbox.Http;

/// <summary>A kind of task.</summary>
/// <param name="Path">The path that starts it, below the root of the API.</param>
/// <param name="TaskType">The <c>task_type</c> of its presets in the response to a check.</param>
/// <param name="Label">The <c>label</c> of its presets there; null when they have none.</param>
internal sealed record TaskKind(string Path, string TaskType, string? Label)
{
    public static TaskKind StemSeparator { get; } = new("split/stem_separator/", "split", "stem_separator");

    public static TaskKind Demuser { get; } = new("split/demuser/", "split", "demuser");

    public static TaskKind VoiceClean { get; } = new("split/voice_clean/", "split", "voice_clean");

    public static TaskKind Multistem { get; } = new("split/multistem/", "split", "multistem");

    public static TaskKind VoiceChange { get; } = new("change_voice/", "voice_convert", null);

    public static IReadOnlyList<TaskKind> All { get; } = [StemSeparator, Multistem, Demuser, VoiceClean, VoiceChange];
}
