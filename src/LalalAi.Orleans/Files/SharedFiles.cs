using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace LalalAi.Cluster.Files;

/// <summary>A folder that all silos share, and recordings from allowed hosts.</summary>
internal sealed class SharedFiles(IOptions<JobFilesOptions> options, HttpSources http) : IJobFiles
{
    private readonly JobFilesOptions _options = options.Value;

    public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        if (Uri.TryCreate(source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return http.OpenAsync(url!, cancellationToken);
        }

        var path = Path.GetFullPath(Path.Combine(_options.SourceFolder, source));
        return IsWithin(_options.SourceFolder, path)
            ? Task.FromResult<Stream>(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous))
            : throw new ArgumentException($"'{source}' is not in the folder for sources. Use a path in it.", nameof(source));
    }

    public async Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_options.TrackFolder, Path.Combine([.. job.Split('/').Select(SafeName)])));
        var target = Path.Combine(folder.FullName, Path.GetFileName(track.Path));
        // Another silo may store the same track. Each writes a file of its own, and gives it the name when it is complete.
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var from = File.OpenRead(track.Path))
            await using (var to = File.Create(part))
            {
                await from.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
                to.Flush(flushToDisk: true);
            }

            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Whether a path is in a folder, after all links in both have been followed.</summary>
    private static bool IsWithin(string folder, string path) =>
        Resolve(path).StartsWith(
            Resolve(Path.GetFullPath(folder)).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Resolve(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var resolved = Path.Combine(Resolve(parent), Path.GetFileName(path));
        FileSystemInfo entry = Directory.Exists(resolved) ? new DirectoryInfo(resolved) : new FileInfo(resolved);
        return entry.Exists && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolve(target.FullName) : resolved;
    }

    // Names of jobs can be URLs. A name that is changed gets a hash, so that no two jobs share a folder.
    private static string SafeName(string name) => SafeFileName.Create(name, maxBytes: 200) is var safe && safe == name
        ? name
        : $"{safe}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
}
