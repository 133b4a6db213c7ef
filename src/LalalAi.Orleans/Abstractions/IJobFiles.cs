namespace LalalAi;

/// <summary>
/// Reads recordings and stores tracks. By default, recordings come from a shared folder or from URLs of allowed hosts, and tracks go to a
/// shared folder (<see cref="JobFilesOptions"/>). Register another implementation for object storage.
/// </summary>
public interface IJobFiles
{
    /// <summary>Opens a recording. The stream is read once and disposed.</summary>
    /// <param name="source">The <see cref="JobRequest.Source"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default);

    /// <summary>Stores a track. After a crash, it is called again for the same track, which must then replace the first one.</summary>
    /// <param name="job">The name of the catalog, a slash, and the name of the job.</param>
    /// <param name="track">The downloaded track. Its file may be moved; it is deleted afterwards.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default);
}
