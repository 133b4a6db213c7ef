using Amazon.S3;
using Amazon.S3.Transfer;
using LalalAi;

namespace Cluster;

/// <summary>Recordings and tracks in a bucket of S3-compatible storage. Sources are keys.</summary>
internal sealed class BucketFiles(IAmazonS3 s3, string bucket) : IJobFiles
{
    /// <summary>Connects to the storage that the <c>AWS_…</c> environment variables name.</summary>
    public static AmazonS3Client Connect() => new(new AmazonS3Config
    {
        // Storage other than Amazon's often has neither a domain for each bucket nor the newer checksums.
        ForcePathStyle = true,
        RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public async Task<Stream> OpenAsync(string source, CancellationToken cancellationToken = default) =>
        (await s3.GetObjectAsync(bucket, source, cancellationToken)).ResponseStream;

    public Task StoreAsync(string job, DownloadedFile track, CancellationToken cancellationToken = default) =>
        PutAsync($"tracks/{job}/{Path.GetFileName(track.Path)}", track.Path, cancellationToken);

    /// <summary>Uploads a file, a large one in parts. The object exists when all of it has arrived.</summary>
    public async Task PutAsync(string key, string path, CancellationToken cancellationToken = default)
    {
        using var transfer = new TransferUtility(s3);
        await transfer.UploadAsync(path, bucket, key, cancellationToken);
    }
}
