using System.Diagnostics;
using System.Globalization;

namespace LalalAi.FaultTests.Downloads;

/// <summary>A download in a process of its own.</summary>
internal sealed class DownloadProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private DownloadProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

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
    public static DownloadProcess Start(TaskTrack track, string folder, ExistingFileBehavior existing, int? kilobytes = null)
    {
        string[] arguments =
        [
            typeof(DownloadProcess).Assembly.Location,
            track.Url!.AbsoluteUri,
            folder,
            track.Size?.ToString(CultureInfo.InvariantCulture) ?? "-",
            existing.ToString(),
        ];
        var start = kilobytes is { } limit
            ? new ProcessStartInfo(
                "bash", ["-c", $"trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"", Environment.ProcessPath!, .. arguments])
            : new ProcessStartInfo(Environment.ProcessPath!, arguments);
        start.RedirectStandardError = start.RedirectStandardOutput = true;

        // The runtime has large files of its own otherwise, in memory and for debuggers.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new DownloadProcess(Process.Start(start)!);
    }

    public void Kill() => _process.Kill();

    /// <returns>The exit code and what the process wrote to standard error.</returns>
    public async Task<(int ExitCode, string Error)> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
