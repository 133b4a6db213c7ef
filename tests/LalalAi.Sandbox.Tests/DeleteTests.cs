using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class DeleteTests : SandboxFixture
{
    [Test]
    public async Task Deleted_source_is_gone_immediately_and_its_running_tasks_are_canceled()
    {
        var source = await Client.UploadSecondsAsync(60);
        var task = await Client.SplitIdAsync(source);

        var answer = await DeleteAsync(source);
        Assert.That((answer.Code, answer.Body.Count), Is.EqualTo((200, 0)));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("cancelled"));
        Assert.That((await Client.SplitAsync(source)).Code, Is.EqualTo(400));
        Assert.That((await DeleteAsync(source)).Code, Is.EqualTo(400), "a second time");
    }

    [Test]
    public async Task Links_outlive_their_source_by_an_hour_and_checks_by_a_day()
    {
        var source = await Client.UploadIdAsync(WaveFile.Noise(1, 16).ToBytes());
        var task = await Client.SplitIdAsync(source);
        FinishTasks();
        await DeleteAsync(source);

        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await StatusOfFreshLinkAsync(task), Is.EqualTo(200));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await StatusOfFreshLinkAsync(task), Is.EqualTo(404));
        Clock.Advance(TimeSpan.FromHours(22));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("success"));
    }

    [Test]
    public async Task A_task_of_another_source_is_left_alone()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(60));
        await DeleteAsync(await Client.UploadSecondsAsync(60));

        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("progress"));
    }

    [Test]
    public async Task A_source_expires_after_a_day()
    {
        var source = await Client.UploadSecondsAsync(60);
        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.That((await Client.SplitAsync(source)).Code, Is.EqualTo(200));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await Client.SplitAsync(source)).Code, Is.EqualTo(400));
        Assert.That((await DeleteAsync(source)).Code, Is.EqualTo(400));
    }

    [Test]
    public async Task Tracks_of_a_source_that_has_expired_since_the_start_can_still_be_fetched()
    {
        var source = await Client.UploadIdAsync(WaveFile.Noise(1, 16).ToBytes());
        Clock.Advance(TimeSpan.FromHours(23));
        var task = await Client.SplitIdAsync(source);
        Clock.Advance(TimeSpan.FromHours(20));

        Assert.That(await StatusOfFreshLinkAsync(task), Is.EqualTo(200));
    }

    private Task<Answer> DeleteAsync(string source) => Client.PostAsync("delete/", new JObject { ["source_id"] = source });

    private async Task<int> StatusOfFreshLinkAsync(string task)
    {
        using var response = await Http.GetAsync((await Client.GetLinksAsync(task))["vocals"]);
        return (int)response.StatusCode;
    }
}
