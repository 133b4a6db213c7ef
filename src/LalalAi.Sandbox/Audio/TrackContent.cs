namespace LalalAi.Sandbox.Audio;

/// <summary>The content of a track: one stem, the source without the first stems, or the converted mix.</summary>
internal readonly record struct TrackContent
{
    private TrackContent(TrackContentKind kind, int index)
    {
        Kind = kind;
        Index = index;
    }

    public static TrackContent Converted { get; } = new(TrackContentKind.Converted, 0);

    public TrackContentKind Kind { get; }

    /// <summary>The index of the stem or, for a remainder, the number of extracted stems.</summary>
    public int Index { get; }

    public static TrackContent Stem(int index) => new(TrackContentKind.Stem, index);

    public static TrackContent Remainder(int stemsTaken) => new(TrackContentKind.Remainder, stemsTaken);
}

internal enum TrackContentKind
{
    Stem,
    Remainder,
    Converted,
}
