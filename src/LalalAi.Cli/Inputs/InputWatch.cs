using System.Runtime.CompilerServices;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// Finds files that appear while a run is in progress. A file is ready when its size and modification time have not changed for a
/// while, so that files that are still being copied are not uploaded.
/// </summary>
/// <param name="find">Finds the existing files.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class InputWatch(Func<InputSet> find, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _problems = new(StringComparer.Ordinal);
    private readonly HashSet<InputFile> _ready = [];
    private Dictionary<InputFile, long> _seen = [];

    /// <summary>
    /// Searches repeatedly, and returns the new files of each search, which may be none. A file that is changed later is new again.
    /// </summary>
    public async IAsyncEnumerable<(IReadOnlyList<InputFile> Files, IReadOnlyList<InputProblem> Problems)> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            yield return Look();
            await Task.Delay(Interval, timeProvider, cancellationToken);
        }
    }

    private (IReadOnlyList<InputFile> Files, IReadOnlyList<InputProblem> Problems) Look()
    {
        var inputs = find();
        var now = timeProvider.GetTimestamp();
        _seen = inputs.Files.Where(file => !_ready.Contains(file)).ToDictionary(file => file, file => _seen.GetValueOrDefault(file, now));
        var ready = _seen.Where(file => timeProvider.GetElapsedTime(file.Value, now) >= QuietTime).Select(file => file.Key).ToList();
        _ready.UnionWith(ready);
        return (ready, [.. inputs.Problems.Where(problem => _problems.Add(problem.Path))]);
    }
}
