using System.Security.Cryptography;
using LalalAi.Tests.Hosts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.Tests.Uploads;

/// <summary>Proxies, answers and streams that are not what they should be.</summary>
public sealed class UploadFaultTests
{
    private const int Length = 2_000_000;

    private static readonly byte[] Content = PatternStream.Bytes(0, Length);
    private static readonly string Hash = Convert.ToHexString(SHA256.HashData(Content));

    [TestCase(true)]
    [TestCase(false)]
    public async Task UploadAsync_omits_the_expectation_after_a_proxy_rejected_it(bool canSeek)
    {
        await using var server = ScriptedServer.Start(request => request.Headers.ContainsKey("Expect")
            ? new ScriptedResponse { Status = 417, Body = "<html>Expectation Failed</html>", ReadBytes = 0, Drains = false }
            : ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address, options =>
        {
            options.MaxRetries = 0;
            options.PrimaryHandlerFactory = ApiClients.PatientHandler;
        });

        await client.UploadAsync(new PatternStream(Length, canSeek), "song.wav");
        await client.UploadAsync(new PatternStream(Length, canSeek), "song.wav");

        Assert.That(server.Requests.Select(request => request.Headers.ContainsKey("Expect")), Is.EqualTo(new[] { true, false, false }));
        Assert.That(server.Requests.Skip(1).Select(request => request.BodyHash), Is.All.EqualTo(Hash));
    }

    [TestCase("\"213.4\"", 213)]
    [TestCase("213.4", 213)]
    [TestCase("213", 213)]
    [TestCase("null", null)]
    [TestCase("\"unknown\"", null)]
    [TestCase("-1", null)]
    [TestCase("9223372036854775807", null)]
    public async Task UploadAsync_reads_a_duration_in_any_form(string duration, double? seconds)
    {
        await using var server = ScriptedServer.StartReading(_ => ApiReply.Uploaded with { Body = $"{{\"id\":\"6e6f2f1a\",\"duration\":{duration}}}" });
        await using var client = ApiClients.For(server.Address);

        var source = await client.UploadAsync(new PatternStream(1000), "song.wav");

        Assert.That(source.Duration, Is.EqualTo(seconds is { } known ? TimeSpan.FromSeconds(known) : (TimeSpan?)null));
        Assert.That(source.EstimateMinutes(new DemuserPresets()), Is.EqualTo(seconds / 60).Within(1e-9));
    }

    [TestCase("\"id\":\"6e6f2f1a\",\"name\":\"song.wav\",\"size\":\"12\",\"duration\":\"213.4\",\"expires\":\"1761217415\"")]
    [TestCase("\"id\":\"6e6f2f1a\",\"name\":null,\"size\":null,\"duration\":null,\"expires\":null")]
    [TestCase("\"id\":\"6e6f2f1a\"")]
    [TestCase("\"id\":\"6e6f2f1a\",\"name\":{\"a\":1},\"size\":[],\"duration\":{},\"expires\":true")]
    [TestCase("\"id\":\"6e6f2f1a\",\"name\":[\"a\"],\"size\":\"many\",\"duration\":\"unknown\",\"expires\":\"never\"")]
    [TestCase("\"id\":\"6e6f2f1a\",\"duration\":1e400,\"size\":-1,\"expires\":1e30")]
    public async Task UploadAsync_succeeds_if_the_response_has_an_ID_and_invalid_fields(string fields)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { Body = $"{{{fields}}}" });
        await using var client = ApiClients.For(server.Address);

        var source = await client.UploadAsync(new PatternStream(1000), "song.wav");

        Assert.That(source.Id.Value, Is.EqualTo("6e6f2f1a"));
        Assert.That(source.Name, Is.EqualTo("song.wav"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("{}")]
    [TestCase("{\"id\":null}")]
    [TestCase("{\"id\":\"\"}")]
    [TestCase("{\"id\":{}}")]
    public async Task UploadAsync_never_retries_after_a_success_of_the_service(string body)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { Body = body });
        await using var client = ApiClients.For(server.Address);

        await Assert.CatchAsync<LalalAiApiException>(() => client.UploadAsync(new PatternStream(1000), "song.wav"));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(4096)]
    public async Task UploadAsync_sends_all_of_a_stream_that_buffers_another_one(int readBefore)
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ApiReply.Error(503) : ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);
        await using var content = new FileBufferingReadStream(new PatternStream(Length, canSeek: false), memoryThreshold: 30_000);
        await content.ReadExactlyAsync(new byte[readBefore]);
        content.Position = 0;

        await client.UploadAsync(content, "song.wav");

        Assert.That(server.Requests[1].BodyHash, Is.EqualTo(Hash));
        Assert.That(server.Requests[1].Headers, Does.Not.ContainKey("Content-Length"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UploadAsync_sends_the_length_that_the_caller_states(bool buffers)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);
        var pipe = new PatternStream(Length, canSeek: false);
        await using var content = buffers ? (Stream)new FileBufferingReadStream(pipe, memoryThreshold: 30_000) : pipe;
        var reports = new List<TransferProgress>();

        await client.UploadAsync(content, "song.wav", new UploadOptions { Length = Length }, new SynchronousProgress<TransferProgress>(reports.Add));

        Assert.That(server.Requests.Single().Headers["Content-Length"], Is.EqualTo($"{Length}"));
        Assert.That(server.Requests.Single().BodyHash, Is.EqualTo(Hash));
        Assert.That(reports[^1].Fraction, Is.EqualTo(1));
    }

    [TestCase(Length - 1, "more than the 1999999 bytes that UploadOptions.Length states")]
    [TestCase(Length + 1, "ended after 2000000 bytes. UploadOptions.Length states 2000001.")]
    public async Task UploadAsync_is_not_retried_if_the_content_does_not_have_the_stated_length(int stated, string why)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiException>(
            () => client.UploadAsync(new PatternStream(Length, canSeek: false), "song.wav", new UploadOptions { Length = stated }));

        Assert.That(exception!.Message, Does.Contain(why));
        Assert.That(server.Requests.Where(request => request.IsComplete), Is.Empty);
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(Length - 1)]
    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(10_000_000_001)]
    public async Task UploadAsync_rejects_an_invalid_length(long stated)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.UploadAsync(new PatternStream(Length), "song.wav", new UploadOptions { Length = stated }));

        Assert.That(server.Requests, Is.Empty);
    }

    [TestCase(1, "grew during the upload: it had 2000000 bytes")]
    [TestCase(-1000, "shrank during the upload: it ended after 1999000 of 2000000 bytes")]
    public async Task UploadAsync_is_not_retried_if_the_content_changes_its_length(int change, string why)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiException>(() => client.UploadAsync(new ChangingStream(change), "song.wav"));

        Assert.That(exception!.Message, Does.Contain(why));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task UploadAsync_does_not_retry_while_a_failed_attempt_reads_the_content()
    {
        var content = new OverlapStream(ignoresCancellation: true);
        await using var server = ScriptedServer.Start(request => request.Number > 1
            ? ApiReply.Uploaded
            : ScriptedResponse.Reset with { ReadBytes = 1000, HoldUntil = content.Stuck });
        await using var client = ApiClients.For(server.Address);

        var upload = client.UploadAsync(content, "song.wav");
        await content.Stuck.SoonAsync();
        // Time for a second attempt, which must not come.
        await TestLimit.MomentAsync(content.Overlapped);
        content.Release();
        await upload.SoonAsync();

        Assert.That(content.Overlapped.IsCompleted, Is.False);
        Assert.That(server.Requests[^1].BodyHash, Is.EqualTo(Hash));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UploadAsync_does_not_return_while_a_read_is_pending(bool ignoresCancellation)
    {
        var content = new OverlapStream(ignoresCancellation);
        var services = new ServiceCollection();
        services.AddLalalAi(options => options.LicenseKey = "secret-key").Api.ConfigurePrimaryHttpMessageHandler(() => new HastyHandler());
        await using var provider = services.BuildServiceProvider();
        using var cancellation = new CancellationTokenSource();

        var upload = provider.GetRequiredService<ILalalAiClient>().UploadAsync(content, "song.wav", cancellationToken: cancellation.Token);
        await content.Stuck.SoonAsync();
        await cancellation.CancelAsync();
        if (ignoresCancellation)
        {
            // Time for a return, which must not come.
            await TestLimit.MomentAsync(upload);
            Assert.That(upload.IsCompleted, Is.False);
            content.Release();
        }

        await Assert.CatchAsync<OperationCanceledException>(() => upload.SoonAsync());
        Assert.That(content.IsReading, Is.False);
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task UploadAsync_runs_no_more_uploads_than_the_options_allow(int limit)
    {
        const int Uploads = 8;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = 0;
        var most = 0;
        var gate = new Lock();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { HoldUntil = RunAsync() });
        await using var client = ApiClients.For(server.Address, options => options.MaxConcurrentUploads = limit);
        using var cancellation = new CancellationTokenSource();
        var uploads = Enumerable.Range(0, limit).Select(_ => client.UploadAsync(new PatternStream(1000), "song.wav")).ToList();
        await full.Task.SoonAsync();

        var canceled = client.UploadAsync(new PatternStream(1000), "song.wav", cancellationToken: cancellation.Token);
        uploads.AddRange(Enumerable.Range(0, Uploads).Select(_ => client.UploadAsync(new PatternStream(1000), "song.wav")));
        await cancellation.CancelAsync();

        Assert.That(() => canceled.SoonAsync(), Throws.InstanceOf<OperationCanceledException>());
        // Time for one more upload, which must not begin.
        await TestLimit.MomentAsync(server.RequestAsync(limit + 1));
        release.SetResult();
        await Task.WhenAll(uploads).SoonAsync();
        Assert.That((server.Requests.Count, most), Is.EqualTo((limit + Uploads, limit)));

        async Task RunAsync()
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
                if (running == limit)
                {
                    full.TrySetResult();
                }
            }

            await release.Task;
            lock (gate)
            {
                running--;
            }
        }
    }

    /// <summary>Content that reports one length and delivers another.</summary>
    private sealed class ChangingStream(int change) : PatternStream(UploadFaultTests.Length + change)
    {
        private bool _isProbed;

        public override long Length => UploadFaultTests.Length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _isProbed ? base.ReadAsync(buffer, cancellationToken) : default;

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            // It changes after the upload has measured it.
            var probes = !_isProbed && count == 1;
            _isProbed = true;
            return probes ? Task.FromResult(0) : base.ReadAsync(buffer, offset, count, cancellationToken);
        }
    }

    /// <summary>A handler that returns as soon as it is canceled, while the content may still be read.</summary>
    private sealed class HastyHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _ = request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            await TestLimit.ForeverAsync(cancellationToken);
            throw new InvalidOperationException();
        }
    }

    /// <summary>Content one read of which takes until it is released, and which notices reads at the same time.</summary>
    private sealed class OverlapStream(bool ignoresCancellation) : PatternStream(UploadFaultTests.Length)
    {
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _overlapped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reading;

        public Task Stuck => _stuck.Task;

        /// <summary>Completes when two reads happen at the same time.</summary>
        public Task Overlapped => _overlapped.Task;

        public bool IsReading => _reading > 0;

        public void Release() => _released.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _reading) > 1)
            {
                _overlapped.TrySetResult();
            }

            try
            {
                if (Position is > 0 and < UploadFaultTests.Length && !_released.Task.IsCompleted)
                {
                    _stuck.TrySetResult();
                    await (ignoresCancellation ? _released.Task : _released.Task.WaitAsync(cancellationToken));
                }

                return await base.ReadAsync(buffer, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }
        }
    }
}
