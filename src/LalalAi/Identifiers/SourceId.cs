namespace LalalAi;

/// <summary>
/// The id of an uploaded file. Splits and voice changes start from it; it is good until the file expires, about 24 hours after the upload.
/// A type of its own, because the service's source ids and task ids look alike and are easily swapped.
/// </summary>
/// <param name="Value">The id as the service writes it, a UUID.</param>
public readonly record struct SourceId(string Value)
{
    /// <summary>Returns the id as the service writes it.</summary>
    public override string ToString() => Value ?? string.Empty;
}
