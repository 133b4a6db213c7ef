namespace LalalAi.Sandbox;

/// <summary>How a client has behaved so far: what the service would count, and what it would hold against it.</summary>
public sealed record UsageReport
{
    /// <summary>Requests to operations of the API, refused ones included.</summary>
    public int Requests { get; init; }

    /// <summary>Requests to <c>/check/</c>, refused ones included.</summary>
    public int Checks { get; init; }

    /// <summary>The most requests to <c>/check/</c> in any 60 seconds. The service allows 30.</summary>
    public int ChecksInBusiestMinute { get; init; }

    /// <summary>Requests to <c>/check/</c> that were answered 429.</summary>
    public int ChecksRefused { get; init; }

    /// <summary>Refused checks that came right after a refused one: the client did not slow down.</summary>
    public int BackOffsIgnored { get; init; }

    /// <summary>Task ids in all checks that were answered.</summary>
    public int TaskIdsChecked { get; init; }

    /// <summary>The most task ids in one check. The service allows 200.</summary>
    public int TaskIdsInLargestCheck { get; init; }

    /// <summary>Task ids that were checked again although their end had been reported. Asking for fresh links is a good reason.</summary>
    public int EndedTaskIdsChecked { get; init; }

    /// <summary>Files that were uploaded.</summary>
    public int Uploads { get; init; }

    /// <summary>Uploads of the same bytes as those of a source that could still be used.</summary>
    public int UploadsRepeated { get; init; }

    /// <summary>Tasks that were started and paid for.</summary>
    public int Starts { get; init; }

    /// <summary>Started tasks without an idempotency key: a lost answer would have meant to pay twice, or to go without.</summary>
    public int StartsWithoutIdempotencyKey { get; init; }

    /// <summary>Started tasks with the same presets on the same bytes as an earlier one that neither failed nor was cancelled: paid twice.</summary>
    public int StartsRepeated { get; init; }

    /// <summary>Minutes of processing that were spent.</summary>
    public double MinutesSpent { get; init; }

    /// <summary>Requests for a track, or for a part of one, that were served.</summary>
    public int Downloads { get; init; }

    /// <summary>Requests that carried the license key where it does not belong: to a download link, or in an address.</summary>
    public int LicenseKeysMisplaced { get; init; }

    /// <summary>Names of the files that were uploaded and not deleted, expired ones included.</summary>
    public IReadOnlyList<string> SourcesNeverDeleted { get; init; } = [];

    internal static UsageReport Combine(IEnumerable<UsageReport> reports) => reports.Aggregate(new UsageReport(), (one, other) => new UsageReport
    {
        Requests = one.Requests + other.Requests,
        Checks = one.Checks + other.Checks,
        ChecksInBusiestMinute = Math.Max(one.ChecksInBusiestMinute, other.ChecksInBusiestMinute),
        ChecksRefused = one.ChecksRefused + other.ChecksRefused,
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
    });
}
