namespace LalalAi;

/// <summary>An uploaded file. Any number of tasks can be started on it until it expires.</summary>
public sealed record SourceFile
{
    /// <summary>The ID to start tasks with.</summary>
    public required SourceId Id { get; init; }

    /// <summary>The name of the file on the service. The names of its tracks derive from it.</summary>
    public required string Name { get; init; }

    /// <summary>The size in bytes, or <see langword="null"/> if the service did not send it.</summary>
    public long? Size { get; init; }

    /// <summary>The playing time, or <see langword="null"/> if the service did not send it. The service counts in whole seconds.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>When the service deletes the file, in UTC, or <see langword="null"/> if the service did not send it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Estimates the price of a task on the file in minutes: its duration times the number of stems. The service does not quote prices and
    /// may round differently.
    /// </summary>
    /// <param name="presets">The parameters of the task.</param>
    /// <returns>The minutes, or <see langword="null"/> if the duration or the kind of task is not known.</returns>
    public double? EstimateMinutes(TaskPresets presets) => presets switch
    {
        null => throw new ArgumentNullException(nameof(presets)),
        UnknownTaskPresets => null,
        MultistemPresets multistem => Duration?.TotalMinutes * Math.Max(1, multistem.StemList?.Count ?? 1),
        _ => Duration?.TotalMinutes,
    };
}
