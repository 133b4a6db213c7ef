using System.Globalization;

namespace LalalAi.FaultTests.Downloads;

/// <summary>A download in a process of its own.</summary>
internal static class DownloadProcess
{
    public static readonly TaskId TaskId = new("2f1c6a54-7a3e-4a2e-9c57-0d4f5f4a1b11");

    public static LalalAiClient CreateClient() => new(new LalalAiClientOptions
    {
        BaseAddress = new Uri("http://127.0.0.1:1/"),
        LicenseKey = "sandbox-downloads",
        RetryDelay = TimeSpan.Zero,
        MaxRetries = 3,
        InactivityTimeout = TimeSpan.FromMinutes(10),
    });

    public static TaskTrack MakeTrack(Uri link, long? size) => new() { TaskId = TaskId, Label = "vocals", Url = link, Size = size };

    /// <summary>Starts a download.</summary>
    /// <param name="track">The track.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="existing">What happens if the file exists.</param>
    /// <param name="kilobytes">The largest file that the process can write, which looks to it like a full disk.</param>
    /// <param name="gate">Where the download stops when the name of the file is taken at its end.</param>
    public static TestProcess Start(
        TaskTrack track, string folder, ExistingFileBehavior existing, int? kilobytes = null, Uri? gate = null)
    {
        string[] command =
        [
            Environment.ProcessPath!,
            typeof(DownloadProcess).Assembly.Location,
            track.Url!.AbsoluteUri,
            folder,
            track.Size?.ToString(CultureInfo.InvariantCulture) ?? "-",
            existing.ToString(),
            .. gate is null ? Array.Empty<string>() : [gate.AbsoluteUri],
        ];
        if (kilobytes is { } limit)
        {
            command = ["bash", "-c", $"trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"", .. command];
        }

        // The runtime has large files of its own otherwise, in memory and for debuggers.
        return TestProcess.Start(command[0], command[1..], new Dictionary<string, string>
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
        });
    }
}
