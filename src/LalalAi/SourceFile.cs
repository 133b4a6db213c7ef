using LalalAi.Generated;

namespace LalalAi;

/// <summary>A file that the service holds, ready to be split as often as wanted until it expires.</summary>
public sealed record SourceFile
{
    /// <summary>The id to start tasks with.</summary>
    public required SourceId Id { get; init; }

    /// <summary>The name that the service keeps the file under; the names of its tracks derive from it.</summary>
    public required string Name { get; init; }

    /// <summary>The size in bytes, as the service received it.</summary>
    public required long Size { get; init; }

    /// <summary>The playing time. The service counts in whole seconds.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>When the service deletes the file, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Returns what a task on the file costs, in minutes: the duration for each stem. The service prices nothing beforehand, and may round differently.
    /// </summary>
    /// <param name="stems">The number of stems; more than one only for <see cref="MultistemPresets"/>.</param>
    public double EstimateMinutes(int stems = 1) =>
        stems >= 1 ? Duration.TotalMinutes * stems : throw new ArgumentOutOfRangeException(nameof(stems), stems, "There is at least one stem.");

    internal static SourceFile From(UploadResponse response) => new()
    {
        Id = new SourceId(response.Id),
        Name = response.Name,
        Size = response.Size,
        Duration = TimeSpan.FromSeconds(response.Duration),
        ExpiresAt = UnixTime.FromSeconds(response.Expires),
    };
}
