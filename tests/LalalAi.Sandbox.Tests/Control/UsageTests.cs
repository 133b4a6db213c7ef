using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Control;

internal sealed class UsageTests : SandboxFixture
{
    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { LicenseKeys = ["sandbox-license-key", "sandbox-other"] };

    [Test]
    public async Task Checks_are_counted_in_their_busiest_minute()
    {
        foreach (var pause in new[] { 0, 20, 20, 20, 1, 1, 1, 100 })
        {
            Clock.Advance(TimeSpan.FromSeconds(pause));
            await CheckAsync(Guid.NewGuid());
        }

        Assert.That((Server.GetReport().Checks, Server.GetReport().ChecksInBusiestMinute), Is.EqualTo((8, 6)));
    }

    [Test]
    public async Task A_client_that_does_not_slow_down_ignores_back_offs()
    {
        for (var check = 0; check < 33; check++)
        {
            await CheckAsync(Guid.NewGuid());
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        await CheckAsync(Guid.NewGuid());
        Assert.That((Server.GetReport().ChecksRefused, Server.GetReport().BackOffsIgnored), Is.EqualTo((3, 2)));
    }

    [Test]
    public async Task Ids_are_counted_by_check()
    {
        await CheckAsync(Guid.NewGuid());
        await CheckAsync(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        Assert.That((Server.GetReport().TaskIdsChecked, Server.GetReport().TaskIdsInLargestCheck), Is.EqualTo((4, 3)));
    }

    [Test]
    public async Task A_task_that_is_checked_after_its_end_is_counted()
    {
        var task = Guid.Parse(await Client.SplitIdAsync(await Client.UploadSecondsAsync(1)));
        await CheckAsync(task);
        FinishTasks();
        await CheckAsync(task);
        Assert.That(Server.GetReport().EndedTaskIdsChecked, Is.Zero);
        await CheckAsync(task);
        Assert.That(Server.GetReport().EndedTaskIdsChecked, Is.EqualTo(1));
    }

    [Test]
    public async Task The_same_bytes_again_are_a_repeated_upload_while_the_source_is_there()
    {
        var source = await Client.UploadSecondsAsync(1);
        await Client.UploadSecondsAsync(1);
        await Client.UploadSecondsAsync(2);
        Assert.That((Server.GetReport().Uploads, Server.GetReport().UploadsRepeated), Is.EqualTo((3, 1)));

        Clock.Advance(TimeSpan.FromDays(2));
        await Client.UploadSecondsAsync(1);
        Assert.That((Server.GetReport().Uploads, Server.GetReport().UploadsRepeated), Is.EqualTo((4, 1)));
        Assert.That(source, Is.Not.Empty);
    }

    [Test]
    public async Task The_same_job_again_is_a_repeated_start()
    {
        var source = await Client.UploadSecondsAsync(60);
        var key = Guid.NewGuid().ToString();
        await Client.SplitAsync(source, key);
        await Client.SplitAsync(source, key);
        Assert.That((Server.GetReport().Starts, Server.GetReport().StartsRepeated), Is.EqualTo((1, 0)), "the same key is the same start");

        await Client.SplitAsync(await Client.UploadSecondsAsync(60));
        var report = Server.GetReport();
        Assert.That((report.Starts, report.StartsRepeated, report.StartsWithoutIdempotencyKey, report.MinutesSpent), Is.EqualTo((2, 1, 1, 2.0)));
    }

    [Test]
    public async Task Canceled_job_may_be_started_again()
    {
        var source = await Client.UploadSecondsAsync(60);
        await Client.PostAsync("cancel/", new JObject { ["task_ids"] = new JArray(await Client.SplitIdAsync(source)) });
        await Client.SplitAsync(source);

        Assert.That((Server.GetReport().Starts, Server.GetReport().StartsRepeated), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task A_key_on_a_link_or_in_an_address_is_misplaced()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        FinishTasks();
        var link = (await Client.GetLinksAsync(task))["vocals"];
        (await Http.GetAsync(link)).Dispose();
        Assert.That((Server.GetReport().Downloads, Server.GetReport().LicenseKeysMisplaced), Is.EqualTo((1, 0)));

        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Add("X-License-Key", Server.LicenseKey);
        (await Http.SendAsync(request)).Dispose();
        await Client.PostAsync($"limits/minutes_left/?license={Server.LicenseKey}");
        Assert.That((Server.GetReport().Downloads, Server.GetReport().LicenseKeysMisplaced), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Report_names_sources_that_were_not_deleted_even_if_they_have_expired()
    {
        await Client.UploadAsync(new byte[16_000], "attachment; filename=kept.mp3");
        var deleted = await Client.UploadSecondsAsync(1);
        await Client.PostAsync("delete/", new JObject { ["source_id"] = deleted });
        Assert.That(Server.GetReport().SourcesNeverDeleted, Is.EqualTo(new[] { "kept.mp3" }));

        Server.Advance(TimeSpan.FromDays(3));
        await Client.GetMinutesLeftAsync();
        Assert.That(Server.GetReport().SourcesNeverDeleted, Is.EqualTo(new[] { "kept.mp3" }));
    }

    [Test]
    public async Task A_report_is_of_one_license_or_of_all()
    {
        using var other = new ApiClient(Server, "sandbox-other");
        await other.GetMinutesLeftAsync();
        await Client.GetMinutesLeftAsync();

        Assert.That((Server.GetReport().Requests, Server.GetReport("sandbox-other").Requests, Server.GetReport("unknown").Requests), Is.EqualTo((2, 1, 0)));
    }

    private Task<Answer> CheckAsync(params IEnumerable<Guid> ids) =>
        Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(ids.Select(id => id.ToString())) });
}
