// From a song to files, with progress: dotnet run -- song.flac out
//
// The license key comes from LALALAI_LICENSE_KEY. LALALAI_BASE_URL names another service than the real one, a sandbox for example.

using LalalAi;

if (args is not [var song, var folder])
{
    Console.Error.WriteLine("Give a song and a folder for its tracks.");
    return 2;
}

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The program ends by itself, once what is under way has been left in order.
    pressed.Cancel = true;
    interrupt.Cancel();
};
var progress = new ProgressLines();
try
{
    await using var lalal = new LalalAiClient(LalalAiClientOptions.FromEnvironment());
    var presets = new StemSeparatorPresets { Stem = Stem.Vocals };
    var result = await lalal.ProcessAsync(song, presets, folder, new ProcessOptions { DeleteSource = true }, progress, interrupt.Token);
    foreach (var track in result.Tracks)
    {
        // A track that could not be downloaded is no exception: the others are there, and paid for.
        Console.WriteLine($"{track.Track.Label}: {track.File?.Path ?? track.Error?.Message}");
    }

    return result.IsComplete ? 0 : 1;
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    Console.Error.WriteLine(progress.Task is { } task ? $"Interrupted. Task {task} goes on; its tracks can be fetched for 24 hours." : "Interrupted.");
    return 130;
}
catch (Exception exception) when (exception is LalalAiException or TimeoutException or IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

/// <summary>Writes a line for each percent. Progress{T} would hand the reports to the thread pool, which mixes up their order.</summary>
internal sealed class ProgressLines : IProgress<ProcessProgress>
{
    private string? _last;

    public TaskId? Task { get; private set; }

    public void Report(ProcessProgress value)
    {
        Task = value.TaskId;
        var line = value.Fraction is { } fraction ? $"{value.Phase}: {Math.Floor(fraction * 100)} %" : $"{value.Phase}";
        if (line != _last)
        {
            Console.Error.WriteLine(_last = line);
        }
    }
}
