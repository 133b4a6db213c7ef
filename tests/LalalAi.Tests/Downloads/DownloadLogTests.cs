namespace LalalAi.Tests.Downloads;

/// <summary>What is logged about downloads that do not succeed at once.</summary>
internal sealed class DownloadLogTests : DownloadFixture
{
    [Test]
    public async Task RetryingDownload_is_logged_with_the_failure_and_the_bytes() => Assert.That(
        await LogAsync(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null }),
        Is.EqualTo(new[] { Retry }));

    [Test]
    public async Task LinkRenewed_is_logged_with_the_status() => Assert.That(
        await LogAsync(request => request.Number == 1 ? new ScriptedResponse { Status = 403 } : ScriptedResponse.File(request, Content)),
        Is.EqualTo(new[] { $"Information: The link of vocals of task {Task1} returned 403 and was renewed." }));

    [Test]
    public async Task StartingOver_is_logged_when_the_track_has_changed() => Assert.That(
        await LogAsync(request => ScriptedResponse.File(request, Content, etag: $"\"{request.Number}\"") with { CutAfter = request.Number == 1 ? 100_000 : null }),
        Is.EqualTo(new[]
        {
            Retry,
            $"Information: The download of vocals of task {Task1} starts over: its server cannot resume it after 100000 bytes.",
        }));

    private static string Retry =>
        $"Information: The download of vocals of task {Task1} failed with LalalAiConnectionException after 100000 bytes. Retry 1 follows in 00:00:00.";

    /// <summary>The messages about the track of a download that succeeds in the end.</summary>
    private async Task<IEnumerable<string>> LogAsync(Func<ScriptedRequest, ScriptedResponse> respond)
    {
        using var log = new TestLog();
        var server = Serve(respond);
        var options = MakeOptions();
        options.LoggerFactory = log;

        await NewClient(options, check: () => MakeTask(MakeTrack(server.Address))).DownloadAsync(MakeTrack(server.Address), Folder);

        return log.Lines.Where(line => line.Contains(" of vocals of ", StringComparison.Ordinal));
    }
}
