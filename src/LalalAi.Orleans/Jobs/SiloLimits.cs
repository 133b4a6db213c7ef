using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace LalalAi.Cluster.Jobs;

/// <summary>What the jobs of one silo share: the places for uploads and starts, and a folder.</summary>
internal sealed class SiloLimits(IOptions<LalalAiClusterOptions> options) : IDisposable
{
    private readonly Lazy<DirectoryInfo> _temporary = new(() => Directory.CreateTempSubdirectory("lalalai-silo-"));

    /// <summary>Sources are opened when there is a place for them.</summary>
    public RateLimiter Uploads { get; } = Places(options.Value.MaxConcurrentUploads);

    /// <summary>A crash loses the starts that are in progress at most.</summary>
    public RateLimiter Starts { get; } = Places(options.Value.MaxConcurrentStarts);

    public string WorkFolder => options.Value.WorkFolder ?? _temporary.Value.FullName;

    public void Dispose()
    {
        Uploads.Dispose();
        Starts.Dispose();
        if (_temporary.IsValueCreated)
        {
            _temporary.Value.Delete(recursive: true);
        }
    }

    private static ConcurrencyLimiter Places(int count) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = count, QueueLimit = int.MaxValue });
}
