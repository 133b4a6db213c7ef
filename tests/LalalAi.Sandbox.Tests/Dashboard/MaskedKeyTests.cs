using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Dashboard;

/// <summary>A key that may be real is masked everywhere.</summary>
internal sealed class MaskedKeyTests : SandboxFixture
{
    private const string Key = "0123456789abcdef";

    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { LicenseKeys = [Key] };

    [Test]
    public async Task A_real_key_is_in_no_event_and_no_body()
    {
        await Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(), ["license"] = Key });
        await using var events = await EventReader.OpenAsync(Http);
        var requests = await events.NextAsync("requests");
        var usage = await events.NextAsync("usage");
        var request = await Http.GetStringAsync("/_sandbox/requests/1");

        Assert.That($"{requests} {usage} {request}", Does.Contain("0123…").And.Not.Contain(Key));
    }
}
