using LalalAi.Generated;

namespace LalalAi;

/// <summary>One of the tracks that a task made, together with the task: links expire, and a new one is had by checking the task again.</summary>
public sealed record TaskTrack
{
    /// <summary>The task that made the track.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The track as the service describes it.</summary>
    public required Track Track { get; init; }

    /// <summary>What the track is, for example <c>vocals</c>, <c>no_vocals</c>, <c>vocals@0</c> or <c>converted_mix</c>. Unique within its task; empty when the service
    /// left it out.</summary>
    public string Label => Track.Label ?? string.Empty;

    /// <summary>Whether the track is a stem itself or what is left of the recording without it.</summary>
    public TrackType Type => Track.Type;
}
