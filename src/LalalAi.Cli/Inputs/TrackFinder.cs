using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// Distinguishes tracks of earlier runs from recordings, by the journals of their folders, because separating a track again would cost
/// minutes. The journals of all output folders count, not only that of this run.
/// </summary>
internal sealed class TrackFinder(string output, JobIndex journal)
{
    private static readonly JobIndex Unreadable = new();

    private readonly Dictionary<string, JobIndex?> _journals = new(StringComparer.Ordinal) { [output] = journal };

    /// <summary>The tracks of the output folder.</summary>
    public int Count => journal.TrackCount;

    /// <exception cref="UsageException">A journal cannot be read. It is reported once; all files below it count as tracks.</exception>
    public bool IsTrack(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (JournalOf(folder) is { } index && (index == Unreadable || index.OwnsTrack(JournalPath.Relative(folder, file))))
            {
                return true;
            }
        }

        return false;
    }

    private JobIndex? JournalOf(string folder)
    {
        if (!_journals.TryGetValue(folder, out var index))
        {
            _journals[folder] = Unreadable;
            index = File.Exists(Path.Combine(folder, JobJournal.FileName)) ? JobJournal.Peek(folder) : null;
            _journals[folder] = index;
        }

        return index;
    }
}
