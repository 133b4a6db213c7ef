using System.Net.Http.Headers;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Faults;

/// <summary>Each fault, injected in each way, as a plain HTTP client sees it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FaultTests
{
    private static readonly (string Entry, Func<FaultRig, Task> Observe)[] Faults =
    [
        ("status=503;on=check", rig => ExpectStatusAsync(rig, 503, """{"detail":"Service Unavailable"}""")),
        ("status=403;on=check", rig => ExpectStatusAsync(rig, 403, """{"detail":"Provide license key in 'X-License-Key' header"}""")),
        ("status=400;code=max_duration;detail=Too long.;on=check", rig => ExpectStatusAsync(rig, 400, """{"detail":"Too long.","code":"max_duration"}""")),
        ("status=422;on=check", rig => ExpectStatusAsync(rig, 422, """{"detail":[{"type":"value_error","loc":["body"],"msg":"Unprocessable Entity"}]}""")),
        ("status=404;on=download", ExpectLostLinkAsync),
        ("html;on=check", rig => ExpectPageAsync(rig, 502)),
        ("html=504;on=check", rig => ExpectPageAsync(rig, 504)),
        ("delay=2s;on=check", ExpectDelayAsync),
        ("delay=60d;on=check", ExpectLongDelayAsync),
        ("stall;on=check", ExpectSilenceAsync),
        ("stall=10;on=download", ExpectSilenceAfterTenBytesAsync),
        ("reset;on=split.stem_separator", rig => ExpectResetAsync(rig, minutesSpent: false)),
        ("lose-response", rig => ExpectResetAsync(rig, minutesSpent: true)),
        ("reset=10;on=upload", rig => ExpectBrokenUploadAsync(rig)),
        ("reset=10;on=download", rig => ExpectBytesAsync(rig, 10)),
        ("truncate=10;on=download", rig => ExpectBytesAsync(rig, 10)),
        ("truncate;on=download", rig => ExpectBytesAsync(rig, WaveFile.Noise(1, 16).ToBytes().Length / 2)),
        ("task-error=inference_error", ExpectFailureAsync),
        ("missing-task", rig => ExpectTaskAsync(rig, "null")),
        ("lookup-error", rig => ExpectTaskAsync(rig, """{"status":"server_error","error":"Failed to extract information about task"}""")),
        ("unknown-status=paused", rig => ExpectTaskAsync(rig, """{"status":"paused"}""")),
        ("undocumented-values;on=check", rig => ExpectTaskAsync(rig, """{"presets":{"label":"enhanced","splitter":null,"enhanced_processing_enabled":true}}""")),
        ("file-name", rig => ExpectNameAsync(rig, "attachment; filename=\"../../evil.wav\"")),
        ("missing-file-name", rig => ExpectNameAsync(rig, null)),
        ("ignore-range", ExpectNoRangeAsync),
        ("delay=2s+status=503;on=check", async rig =>
        {
            var check = rig.CheckAsync(await rig.SplitIdAsync());
            await PassTwoSecondsAsync(rig, check);
            Assert.That((int)(await check).StatusCode, Is.EqualTo(503));
        }),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from fault in Faults
        from way in Enum.GetValues<FaultRig.Way>()
        select new TestCaseData(way, fault.Entry, fault.Observe).SetArgDisplayNames($"{way}", fault.Entry);

    [TestCaseSource(nameof(Cases))]
    public async Task Fault_applies_from_every_origin(FaultRig.Way way, string entry, Func<FaultRig, Task> observe)
    {
        await using var rig = await FaultRig.CreateAsync(way, entry);
        await observe(rig);

        Assert.That(rig.Server.Requests.Select(request => string.Join(", ", request.Faults)).Where(faults => faults.Length > 0), Has.Some.EqualTo(entry));
    }

    private static async Task ExpectStatusAsync(FaultRig rig, int status, string body)
    {
        // A task of a file with the fault in its name: a check of foreign ids would not concern the file.
        using var response = await rig.CheckAsync(await rig.SplitIdAsync());
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(JToken.DeepEquals(JObject.Parse(await response.Content.ReadAsStringAsync()), JObject.Parse(body)), await response.Content.ReadAsStringAsync());
        Assert.That(response.Headers.GetValues("x-request-id").Single(), Does.Match("^[0-9a-f]{32}$"));
    }

    private static async Task ExpectLostLinkAsync(FaultRig rig)
    {
        using var response = await rig.DownloadAsync(await rig.LinkAsync());
        Assert.That((int)response.StatusCode, Is.EqualTo(404));
    }

    private static async Task ExpectPageAsync(FaultRig rig, int status)
    {
        using var response = await rig.CheckAsync(await rig.SplitIdAsync());
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("<html>").And.Contain($"{status}"));
    }

    private static async Task ExpectDelayAsync(FaultRig rig)
    {
        var check = rig.CheckAsync(await rig.SplitIdAsync());
        await PassTwoSecondsAsync(rig, check);
        Assert.That((int)(await check).StatusCode, Is.EqualTo(200));
    }

    private static async Task ExpectLongDelayAsync(FaultRig rig)
    {
        using var impatience = new CancellationTokenSource();
        var check = rig.CheckAsync([await rig.SplitIdAsync()], impatience.Token);
        await rig.Clock.TimersAreSetAsync(1);
        Assert.That(check.IsCompleted, Is.False);
        await impatience.CancelAsync();
        Assert.That(async () => await check, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task PassTwoSecondsAsync(FaultRig rig, Task request)
    {
        await rig.Clock.DelayBeginsAsync(TimeSpan.FromSeconds(2));
        Assert.That(request.IsCompleted, Is.False);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
    }

    private static Task FaultyAsync(FaultRig rig, Task request) =>
        TestLimit.UntilAsync(() => request.IsCompleted || rig.Server.Requests.Any(each => each.Faults.Count > 0));

    private static async Task ExpectSilenceAsync(FaultRig rig)
    {
        using var impatience = new CancellationTokenSource();
        var check = rig.CheckAsync([await rig.SplitIdAsync()], impatience.Token);
        await FaultyAsync(rig, check);
        Assert.That(check.IsCompleted, Is.False);
        await impatience.CancelAsync();
        Assert.That(async () => await check, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task ExpectSilenceAfterTenBytesAsync(FaultRig rig)
    {
        using var response = await rig.DownloadAsync(await rig.LinkAsync());
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[10]);
        using var impatience = new CancellationTokenSource();
        var more = body.ReadAsync(new byte[1], impatience.Token).AsTask();
        Assert.That(more.IsCompleted, Is.False);
        await impatience.CancelAsync();
        Assert.That(async () => await more, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task ExpectResetAsync(FaultRig rig, bool minutesSpent)
    {
        var source = await rig.UploadIdAsync();
        var before = await rig.MinutesLeftAsync();
        Assert.That(async () => await rig.SplitAsync(source), Throws.InstanceOf<HttpRequestException>());
        Assert.That(await rig.MinutesLeftAsync(), minutesSpent ? Is.LessThan(before) : Is.EqualTo(before));
    }

    private static async Task ExpectBrokenUploadAsync(FaultRig rig)
    {
        Assert.That(async () => await rig.UploadAsync(), Throws.InstanceOf<HttpRequestException>());
        Assert.That(rig.Server.GetReport().Uploads, Is.Zero);
    }

    private static async Task ExpectBytesAsync(FaultRig rig, int count)
    {
        using var response = await rig.DownloadAsync(await rig.LinkAsync());
        Assert.That(response.Content.Headers.ContentLength, Is.GreaterThan(count));
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[count]);
        Assert.That(async () => await body.ReadExactlyAsync(new byte[1]), Throws.InstanceOf<IOException>());
    }

    private static async Task ExpectFailureAsync(FaultRig rig)
    {
        var task = await rig.SplitIdAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var check = 0; check < 2; check++)
        {
            var state = (await FaultRig.ReadAsync(await rig.CheckAsync(task)))["result"]![task]!;
            Assert.That((string?)state["status"], Is.EqualTo("error"));
            Assert.That((string?)state["error"]!["code"], Is.EqualTo("inference_error"));
        }
    }

    private static async Task ExpectTaskAsync(FaultRig rig, string expected)
    {
        var task = await rig.SplitIdAsync();
        var state = (await FaultRig.ReadAsync(await rig.CheckAsync(task)))["result"]![task];
        var merged = state?.DeepClone();
        (merged as JObject)?.Merge(JToken.Parse(expected), new JsonMergeSettings { MergeNullValueHandling = MergeNullValueHandling.Merge });
        Assert.That(JToken.DeepEquals(state ?? JValue.CreateNull(), merged ?? JToken.Parse(expected)), $"{state} is not {expected}");
    }

    private static async Task ExpectNameAsync(FaultRig rig, string? disposition)
    {
        using var response = await rig.DownloadAsync(await rig.LinkAsync());
        Assert.That(response.IsSuccessStatusCode);
        response.Content.Headers.TryGetValues("Content-Disposition", out var values);
        Assert.That(values?.Single(), Is.EqualTo(disposition));
    }

    private static async Task ExpectNoRangeAsync(FaultRig rig)
    {
        using var response = await rig.DownloadAsync(await rig.LinkAsync(), new RangeHeaderValue(10, null));
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Has.Length.EqualTo(WaveFile.Noise(1, 16).ToBytes().Length));
    }
}
