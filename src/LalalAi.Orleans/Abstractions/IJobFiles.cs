namespace LalalAi;

/// <summary>
/// Where recordings come from and tracks go to. By default, from the shared folder and from URLs of allowed hosts
/// (<see cref="JobFilesOptions"/>), and to the shared folder. Register another implementation for object storage.
/// </summary>
public interface IJobFiles
{
    /// <summary>Opens a recording. The stream is read once and disposed.</summary>
    /// <param name="source">The <see cref="JobRequest.Source"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default);

    /// <summary>Stores a track. After a crash, it is called again for the same track, which must then replace the first one.</summary>
    /// <param name="job">The name of the job, with that of its catalog.</param>
    /// <param name="track">The downloaded track. Its file may be moved; it is deleted afterwards.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default);
}
