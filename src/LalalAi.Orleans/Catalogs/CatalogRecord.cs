namespace LalalAi.Cluster.Catalogs;

/// <summary>
/// What is stored about a catalog, besides the pages with its requests and its older results. Its size depends on the jobs in progress,
/// not on all jobs. Jobs are known by their positions.
/// </summary>
internal sealed class CatalogRecord
{
    public CatalogState State { get; set; }

    public string? Reason { get; set; }

    /// <summary>How many jobs there are.</summary>
    public int Jobs { get; set; }

    /// <summary>The first job that was never run.</summary>
    public int Next { get; set; }

    /// <summary>
    /// The jobs in progress, with the minutes that are reserved for their starts. A job that is run twice has one reservation.
    /// </summary>
    public Dictionary<int, double?> Running { get; init; } = [];

    public double? MaxMinutes { get; set; }

    /// <summary>The minutes of jobs that have ended.</summary>
    public double SpentMinutes { get; set; }

    /// <summary>The jobs that are lost. The result of one may still be found.</summary>
    public HashSet<int> Lost { get; init; } = [];

    /// <summary>Ended jobs that were added again, until their next result.</summary>
    public HashSet<int> Reopened { get; init; } = [];

    public int Done { get; set; }

    public int Failed { get; set; }

    public int Canceled { get; set; }

    /// <summary>How many results are in pages of their own.</summary>
    public int PagedResults { get; set; }

    /// <summary>The results after those.</summary>
    public List<JobStatus> Results { get; init; } = [];

    public int ResultCount => PagedResults + Results.Count;

    public double Minutes => SpentMinutes + Running.Values.Sum(minutes => minutes ?? 0);

    public bool IsComplete => Running.Count == 0 && (Next == Jobs || State == CatalogState.Canceled);

    /// <summary>Records the result of a job that is in progress, or was lost and is found. Returns whether it is new.</summary>
    public bool Complete(int index, JobStatus status)
    {
        var isFound = status.State != JobState.Lost && Lost.Remove(index);
        if (!Running.Remove(index, out var reserved) && !isFound)
        {
            return false;
        }

        // A reopened job without a reservation has its former result, whose minutes are counted already.
        var isFormer = Reopened.Remove(index) && reserved is null;
        SpentMinutes += isFound || isFormer || status.Minutes is not { } minutes ? 0 : reserved ?? minutes;
        Count(index, status.State, 1);
        Results.Add(status);
        return true;
    }

    /// <summary>
    /// Adds a job again that has ended with a result, which is recorded if it has not arrived. The minutes of its task, if it resumes one,
    /// are counted already.
    /// </summary>
    public void Reopen(int index, JobStatus former, bool hasTask)
    {
        Complete(index, former);
        Running.Add(index, hasTask ? 0 : null);
        Reopened.Add(index);
        Count(index, former.State, -1);
    }

    private void Count(int index, JobState state, int change)
    {
        switch (state)
        {
            case JobState.Done:
                Done += change;
                break;
            case JobState.Failed:
                Failed += change;
                break;
            case JobState.Canceled:
                Canceled += change;
                break;
            case JobState.Lost when change > 0:
                Lost.Add(index);
                break;
            case JobState.Lost:
                Lost.Remove(index);
                break;
        }
    }
}
