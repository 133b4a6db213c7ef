namespace LalalAi.Sandbox;

/// <summary>Counts requests, tasks and minutes, and mistakes that a client should avoid.</summary>
public sealed record UsageReport
{
    /// <summary>Requests to operations of the API, rejected ones included.</summary>
    public int Requests { get; init; }

    /// <summary>Requests to <c>/check/</c>, rejected ones included.</summary>
    public int Checks { get; init; }

    /// <summary>The most requests to <c>/check/</c> in any 60 seconds. The service allows 30.</summary>
    public int ChecksInBusiestMinute { get; init; }

    /// <summary>Requests to <c>/check/</c> that were rejected with status 429.</summary>
    public int ChecksRejected { get; init; }

    /// <summary>Rejected checks that directly followed a rejected check: the client did not slow down.</summary>
    public int BackOffsIgnored { get; init; }

    /// <summary>Task IDs in all successful checks.</summary>
    public int TaskIdsChecked { get; init; }

    /// <summary>The most task IDs in one check. The service allows 200.</summary>
    public int TaskIdsInLargestCheck { get; init; }

    /// <summary>Task IDs that were checked after their final status had been reported. Renewing links is a good reason.</summary>
    public int EndedTaskIdsChecked { get; init; }

    /// <summary>Uploaded files.</summary>
    public int Uploads { get; init; }

    /// <summary>Uploads with the same content as a source that could still be used.</summary>
    public int UploadsRepeated { get; init; }

    /// <summary>Started tasks.</summary>
    public int Starts { get; init; }

    /// <summary>Started tasks without an idempotency key. Retrying such a start after a lost response can cost twice.</summary>
    public int StartsWithoutIdempotencyKey { get; init; }

    /// <summary>
    /// Started tasks with the presets and the content of an earlier one that neither failed nor was canceled: paid twice.
    /// </summary>
    public int StartsRepeated { get; init; }

    /// <summary>Processing minutes that were spent.</summary>
    public double MinutesSpent { get; init; }

    /// <summary>Requests for tracks, or parts of tracks, that were served.</summary>
    public int Downloads { get; init; }

    /// <summary>Requests with the license key in the wrong place: sent to a download link, or in a URL.</summary>
    public int LicenseKeysMisplaced { get; init; }

    /// <summary>The names of files that were uploaded and not deleted, expired ones included.</summary>
    public IReadOnlyList<string> SourcesNeverDeleted { get; init; } = [];

    internal static UsageReport Combine(IEnumerable<UsageReport> reports) => reports.Aggregate(new UsageReport(), Add);

    private static UsageReport Add(UsageReport one, UsageReport other) => new()
    {
        Requests = one.Requests + other.Requests,
        Checks = one.Checks + other.Checks,
        ChecksInBusiestMinute = Math.Max(one.ChecksInBusiestMinute, other.ChecksInBusiestMinute),
        ChecksRejected = one.ChecksRejected + other.ChecksRejected,
        BackOffsIgnored = one.BackOffsIgnored + other.BackOffsIgnored,
        TaskIdsChecked = one.TaskIdsChecked + other.TaskIdsChecked,
        TaskIdsInLargestCheck = Math.Max(one.TaskIdsInLargestCheck, other.TaskIdsInLargestCheck),
        EndedTaskIdsChecked = one.EndedTaskIdsChecked + other.EndedTaskIdsChecked,
        Uploads = one.Uploads + other.Uploads,
        UploadsRepeated = one.UploadsRepeated + other.UploadsRepeated,
        Starts = one.Starts + other.Starts,
        StartsWithoutIdempotencyKey = one.StartsWithoutIdempotencyKey + other.StartsWithoutIdempotencyKey,
        StartsRepeated = one.StartsRepeated + other.StartsRepeated,
        MinutesSpent = one.MinutesSpent + other.MinutesSpent,
        Downloads = one.Downloads + other.Downloads,
        LicenseKeysMisplaced = one.LicenseKeysMisplaced + other.LicenseKeysMisplaced,
        SourcesNeverDeleted = [.. one.SourcesNeverDeleted, .. other.SourcesNeverDeleted],
    };
}
