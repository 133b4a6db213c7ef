namespace LalalAi.FaultTests;

/// <summary>The result of one song: its tracks, the error that was reported instead, or something else, which is a bug.</summary>
/// <param name="Song">The song's path.</param>
/// <param name="Result">The result, unless there is an exception.</param>
/// <param name="Error">The exception that the call ended with.</param>
internal sealed record Outcome(string Song, ProcessResult? Result, Exception? Error)
{
    /// <summary>Everything that was reported.</summary>
    public IReadOnlyList<Exception> Reported =>
        Error is not null ? [Error] : [.. Result!.Tracks.Select(track => track.Error).OfType<Exception>()];

    /// <summary>Whether every track was reported as complete.</summary>
    public bool IsComplete => Result is { IsComplete: true };

    /// <summary>The folder of the song's tracks. It contains nothing else, so that leftovers can be found.</summary>
    public static string FolderOf(string song) => Path.ChangeExtension(song, null);

    /// <summary>Runs a job to its end, successful or not.</summary>
    public static async Task<Outcome> OfAsync(string song, Func<string, string, Task<ProcessResult>> separate)
    {
        try
        {
            return new Outcome(song, await separate(song, FolderOf(song)), null);
        }
        catch (Exception exception)
        {
            return new Outcome(song, null, exception);
        }
    }

    /// <summary>Returns what is wrong with the way the job ended, or <see langword="null"/>.</summary>
    public string? Problem() =>
        Reported.FirstOrDefault(
            error => error is not (LalalAiException or TimeoutException)) is { } unknown ? $"{Path.GetFileName(Song)} ended with {unknown}"
        : !IsComplete ? null
        : !AddsUp(Result!.Tracks.Select(track => track.File!.Path)) ? $"The tracks of {Path.GetFileName(Song)} do not add up to it: "
            + $"{string.Join(", ", Result.Tracks.Select(track => track.File!.Path))}"
        : Directory.GetFiles(FolderOf(Song)).Length != Result.Tracks.Count ? $"{Path.GetFileName(Song)} is complete and left behind: "
            + $"{string.Join(", ", Directory.GetFiles(FolderOf(Song)))}"
        : null;

    private bool AddsUp(IEnumerable<string> tracks)
    {
        var sum = SongFile.Samples(Song);
        foreach (var samples in tracks.Select(SongFile.Samples))
        {
            if (samples.Length != sum.Length)
            {
                return false;
            }

            for (var index = 0; index < sum.Length; index++)
            {
                sum[index] -= samples[index];
            }
        }

        return sum.All(sample => sample == 0);
    }
}
