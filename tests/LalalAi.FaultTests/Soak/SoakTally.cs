using System.Collections.Concurrent;
using System.Diagnostics;
using LalalAi.Sandbox;

namespace LalalAi.FaultTests.Soak;

/// <summary>What a soak has come to so far.</summary>
internal sealed class SoakTally
{
    private readonly ConcurrentQueue<Outcome> _unfinished = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentDictionary<string, int> _reported = new();
    private int _files;
    private int _complete;

    public int Files => _files;

    public int Complete => _complete;

    /// <summary>The outcomes that were reported as less than complete.</summary>
    public IReadOnlyCollection<Outcome> Unfinished => _unfinished;

    public IReadOnlyCollection<string> Problems => _problems;

    public void Add(Outcome outcome)
    {
        Interlocked.Increment(ref _files);
        foreach (var error in outcome.Reported)
        {
            _reported.AddOrUpdate(NameOf(error), 1, (_, count) => count + 1);
        }

        if (outcome.Problem() is { } problem)
        {
            _problems.Enqueue(problem);
        }
        else if (outcome.IsComplete)
        {
            Interlocked.Increment(ref _complete);
            File.Delete(outcome.Song);
            Directory.Delete(Outcome.FolderOf(outcome.Song), recursive: true);
        }
        else
        {
            _unfinished.Enqueue(outcome);
        }
    }

    public void Add(string? problem)
    {
        if (problem is not null)
        {
            _problems.Enqueue(problem);
        }
    }

    /// <summary>The figures, one kind a line.</summary>
    public IEnumerable<string> Describe(FaultLog log, UsageReport report, int seed) =>
    [
        $"files: {Files}, complete and bit-exact: {Complete}, reported: {Unfinished.Count}",
        $"reported: {string.Join(", ", _reported.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key} {kind.Value}"))}",
        $"connections: {log.Connections}, faults: {string.Join(", ", Enum.GetValues<WireFaultKind>().Select(kind => $"{kind} {log.Applied(kind)}"))}",
        $"uploads: {report.Uploads}, repeated: {report.UploadsRepeated}; starts: {report.Starts}, repeated: {report.StartsRepeated}; checks: {report.Checks}, refused: {report.ChecksRejected}; downloads: {report.Downloads}",
        $"seed: {seed}",
    ];

    /// <summary>What the process holds now, sandbox and proxies included.</summary>
    public string DescribeProcess()
    {
        using var process = Process.GetCurrentProcess();
        return $"after {Files} files: {process.Threads.Count} threads, {process.HandleCount} handles, {GC.GetTotalMemory(forceFullCollection: true) >> 10} KB managed, {process.WorkingSet64 >> 20} MB resident";
    }

    private static string NameOf(Exception error) => error switch
    {
        LalalAiTaskException task => $"{nameof(LalalAiTaskException)}/{task.State.GetType().Name}",
        LalalAiApiException api => $"{api.GetType().Name}/{api.StatusCode}",
        _ => error.GetType().Name,
    };
}
