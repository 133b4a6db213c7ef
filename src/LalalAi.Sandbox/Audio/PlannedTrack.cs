namespace LalalAi.Sandbox.Audio;

/// <param name="Label">The track's label, unique in its task.</param>
/// <param name="Type"><c>stem</c> or <c>back</c>.</param>
/// <param name="Content">The content of the track.</param>
internal sealed record PlannedTrack(string Label, string Type, TrackContent Content);
