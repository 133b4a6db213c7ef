using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Tests.Downloads;

internal sealed class DownloadAllTests : DownloadFixture
{
    private static readonly string[] Labels = ["vocals", "drum", "bass", "piano", "no_multistem"];

    [Test]
    public async Task DownloadAllAsync_returns_the_tracks_in_the_order_of_the_task()
    {
        var server = Serve(request => ScriptedResponse.File(request, ContentOf(request.Path[1..]), name: $"{request.Path[1..]}.wav"));

        var downloads = await NewClient().DownloadAllAsync(
            MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label))), Folder);

        Assert.That(downloads.Select(download => download.File!.Path), Is.EqualTo(Labels.Select(label => PathOf($"{label}.wav"))));
        Assert.That(downloads.Select(download => download.Track.Label), Is.EqualTo(Labels));
        Assert.That(downloads.Select(download => download.Error), Is.All.Null);
        Assert.That(Labels.All(label => Read($"{label}.wav").SequenceEqual(ContentOf(label))), Is.True);
    }

    [Test]
    public async Task A_track_that_fails_does_not_lose_the_others()
    {
        var server = Serve(request => request.Path == "/bass"
            ? new ScriptedResponse { Status = 400 }
            : ScriptedResponse.File(request, Content, name: $"{request.Path[1..]}.wav"));

        var downloads = await NewClient().DownloadAllAsync(
            MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label))), Folder);

        Assert.That(downloads.Select(download => download.File is not null), Is.EqualTo(new[] { true, true, false, true, true }));
        Assert.That(downloads[2].Error, Is.TypeOf<LalalAiDownloadException>().With.Property("StatusCode").EqualTo(400));
        Assert.That(Files.Count(), Is.EqualTo(4));
    }

    [TestCase(ExistingFileBehavior.Rename)]
    [TestCase(ExistingFileBehavior.Overwrite)]
    [TestCase(ExistingFileBehavior.Skip)]
    public async Task Tracks_with_the_same_name_do_not_overwrite_each_other(ExistingFileBehavior existing)
    {
        var server = Serve(request => ScriptedResponse.File(request, ContentOf(request.Path[1..])));
        var options = MakeOptions();
        options.MaxConcurrentDownloads = 1;

        var downloads = await NewClient(options).DownloadAllAsync(
            MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label))),
            Folder,
            new DownloadOptions { ExistingFile = existing });

        Assert.That(downloads.Select(download => download.File!.Path).Distinct().Count(), Is.EqualTo(Labels.Length));
        Assert.That(
            downloads.All(download => File.ReadAllBytes(download.File!.Path).SequenceEqual(ContentOf(download.Track.Label))), Is.True);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public async Task DownloadAllAsync_downloads_no_more_tracks_at_once_than_the_options_allow(int limit)
    {
        using var handler = new Gate();
        var client = NewClient(handler, options => options.MaxConcurrentDownloads = limit);

        var all = client.DownloadAllAsync(MakeTask(Labels.Select(label => MakeTrack("https://cdn.example/" + label, label))), Folder);

        await handler.ReachesAsync(limit);
        handler.Open();

        Assert.That((await all).Select(download => download.Error), Is.All.Null);
        Assert.That(handler.Most, Is.EqualTo(limit));
    }

    [Test]
    public async Task Progress_covers_all_tracks_together()
    {
        var server = Serve(request => ScriptedResponse.File(request, ContentOf(request.Path[1..])));
        var reports = new Observer<TransferProgress>();
        var total = Labels.Sum(label => ContentOf(label).LongLength);

        await NewClient().DownloadAllAsync(
            MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label, size: ContentOf(label).Length))),
            Folder,
            null,
            reports);

        Assert.That(reports.All.Select(report => report.TotalBytes), Is.All.EqualTo(total));
        Assert.That(reports.All.Select(report => report.BytesTransferred), Is.Ordered);
        Assert.That(reports.All[^1].BytesTransferred, Is.EqualTo(total));
        Assert.That(reports.All[^1].BytesPerSecond, Is.GreaterThan(0));
    }

    [Test]
    public async Task Total_is_null_until_it_is_known()
    {
        var server = Serve(request => ScriptedResponse.File(request, ContentOf(request.Path[1..])));
        var options = MakeOptions();
        options.MaxConcurrentDownloads = 1;
        var reports = new Observer<TransferProgress>();

        await NewClient(options).DownloadAllAsync(
            MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label))), Folder, null, reports);

        Assert.That(reports.All[0].TotalBytes, Is.Null);
        Assert.That(reports.All[^1].TotalBytes, Is.EqualTo(Labels.Sum(label => ContentOf(label).LongLength)));
    }

    [Test]
    public async Task Cancellation_throws_after_all_have_stopped_and_leaves_the_parts()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, name: $"{request.Path[1..]}.wav") with { HoldAfter = 1000 });
        using var cancellation = new CancellationTokenSource();
        var options = MakeOptions();
        // So much time passes between two looks at the clock that no report is held back.
        options.TimeProvider = new TestClock { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        options.InactivityTimeout = Timeout.InfiniteTimeSpan;
        var reports = new Observer<TransferProgress>(report =>
        {
            if (report.BytesTransferred >= 2000)
            {
                cancellation.Cancel();
            }
        });

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => NewClient(options).DownloadAllAsync(MakeTask(Labels[..2].Select(label => MakeTrack(new Uri(server.Address, label), label))), Folder, null, reports, cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(
            Files, Is.EqualTo(new[] { "drum-2f1c6a54.part.json", "drum.wav.part", "vocals-2f1c6a54.part.json", "vocals.wav.part" }));
        // Nothing has them open any more.
        Assert.That(() => Directory.GetFiles(Folder).ToList().ForEach(File.Delete), Throws.Nothing);
    }

    [Test]
    public async Task Cancellation_before_anything_has_begun_throws_and_sends_nothing()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var canceled = new CancellationToken(canceled: true);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => NewClient().DownloadAllAsync(MakeTask(Labels.Select(label => MakeTrack(new Uri(server.Address, label), label))), Folder, null, null, canceled));

        Assert.That(exception!.CancellationToken, Is.EqualTo(canceled));
        Assert.That(exception.Message, Is.EqualTo("The downloads were canceled."));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Cancellation_after_the_last_byte_does_not_discard_the_results()
    {
        using var cancellation = new CancellationTokenSource();
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var options = MakeOptions();
        // On a stopped clock there is one report at the beginning and one at the end.
        options.TimeProvider = new FakeTimeProvider();

        var downloads = await NewClient(options).DownloadAllAsync(MakeTask(MakeTrack(server.Address)), Folder, null, new Observer<TransferProgress>(report =>
        {
            if (report.Fraction == 1)
            {
                cancellation.Cancel();
            }
        }), cancellation.Token);

        Assert.That(downloads.Single().File, Is.Not.Null);
    }

    [Test]
    public async Task Task_without_tracks_returns_no_results()
    {
        Assert.That(await NewClient().DownloadAllAsync(MakeTask(), Folder), Is.Empty);
    }

    private static byte[] ContentOf(string label) => PatternStream.Bytes(label.Length, 10_000 + label.Length);

    /// <summary>Holds requests until it is opened, and counts how many there are at a time.</summary>
    private sealed class Gate : HttpMessageHandler
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _running;
        private int _awaited;

        public int Most { get; private set; }

        public Task ReachesAsync(int count)
        {
            lock (_lock)
            {
                _awaited = count;
                Notify();
            }

            return _reached.Task.SoonAsync();
        }

        public void Open() => _open.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Most = Math.Max(Most, ++_running);
                Notify();
            }

            await _open.Task.WaitAsync(cancellationToken);
            lock (_lock)
            {
                _running--;
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) };
        }

        private void Notify()
        {
            if (_awaited > 0 && Most >= _awaited)
            {
                _reached.TrySetResult();
            }
        }
    }
}
