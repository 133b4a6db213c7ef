using System.Collections.Concurrent;
using Amazon.S3;
using Cluster;
using LalalAi.Cluster.Tests.Jobs;
using LalalAi.Sandbox;

namespace LalalAi.Cluster.Tests.Files;

/// <summary>
/// The sample's object storage, against a server with the two requests of S3 that it needs. The server does not verify signatures: that a
/// storage accepts the requests is up to the SDK of AWS.
/// </summary>
public sealed class BucketFilesTests
{
    [Test]
    public async Task Job_reads_its_recording_from_a_bucket_and_writes_its_tracks_to_it()
    {
        var stored = new ConcurrentDictionary<string, long>();
        await using var server = ScriptedServer.StartReading(request =>
        {
            if (request.Path == "/music/songs/0001.wav")
            {
                return new ScriptedResponse { Content = SandboxSong.Create(TimeSpan.FromSeconds(1)) };
            }

            stored[request.Path] = request.BodyLength;
            return new ScriptedResponse { Headers = ["ETag: \"0\""] };
        });
        using var s3 = new AmazonS3Client("key", "secret", new AmazonS3Config
        {
            ServiceURL = server.Address.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
        });
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(new BucketFiles(s3, "music")));
        var status = await JobTests.RunAsync(cluster, "spring/0001", new JobRequest("songs/0001.wav", new DemuserPresets()));

        Assert.That(status.Reason, Is.Null);
        Assert.That(stored.Keys, Has.Count.EqualTo(2).And.All.StartsWith("/music/tracks/spring/0001/"));
        Assert.That(stored.Values, Has.All.GreaterThan(1000));
    }

    [Test]
    public async Task An_object_that_does_not_exist_fails_its_job()
    {
        await using var server = ScriptedServer.StartReading(_ => new ScriptedResponse { Status = 404 });
        using var s3 = new AmazonS3Client("key", "secret", new AmazonS3Config
        {
            ServiceURL = server.Address.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
        });
        var clock = new TestClock { SkipsDelays = true };
        await using var cluster = await TestCluster.StartAsync(
            services: services => services.AddSingleton<IJobFiles>(new BucketFiles(s3, "music")),
            options: options => options.TimeProvider = clock);
        var status = await JobTests.RunAsync(cluster, "spring/0001", new JobRequest("songs/0001.wav", new DemuserPresets()));

        Assert.That(status.State, Is.EqualTo(JobState.Failed));
        Assert.That(status.Reason, Does.Contain("NotFound"));
    }
}
