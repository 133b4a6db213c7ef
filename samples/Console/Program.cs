// From a song to its tracks, with progress: dotnet run -- song.flac out
//
// The license key comes from LALALAI_LICENSE_KEY. LALALAI_BASE_URL selects another service, for example a sandbox.

using LalalAi;

if (args is not [var song, var folder])
{
    Console.Error.WriteLine("Usage: dotnet run -- SONG FOLDER");
    return 2;
}

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The program ends by itself, after it has closed its files.
    pressed.Cancel = true;
    interrupt.Cancel();
};

// Progress<T> would post the reports to the thread pool, where they overtake each other.
var last = string.Empty;
var progress = new SynchronousProgress<ProcessProgress>(report =>
{
    var line = $"{report.Phase}: {Math.Floor(report.Overall * 100)} %";
    if (line != last)
    {
        Console.Error.WriteLine(last = line);
    }
});

try
{
    await using var lalal = new LalalAiClient(LalalAiClientOptions.FromEnvironment());
    var presets = new StemSeparatorPresets { Stem = Stem.Vocals };
    var result = await lalal.ProcessAsync(song, presets, folder, new ProcessOptions { DeleteSource = true }, progress, interrupt.Token);
    foreach (var track in result.Tracks)
    {
        // A track that could not be downloaded is a result, not an exception: the others are there, and paid for.
        Console.WriteLine($"{track.Track.Label}: {track.File?.Path ?? track.Error?.Message}");
    }

    return result.IsComplete ? 0 : 1;
}
catch (LalalAiProcessCanceledException exception)
{
    // The message names the task, which keeps running. Its checkpoint could be stored, and resume the job later.
    Console.Error.WriteLine(exception.Message);
    return 130;
}
catch (Exception exception) when (exception
    is LalalAiException or TimeoutException or IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
