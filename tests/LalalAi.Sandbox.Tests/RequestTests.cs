using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class RequestTests : SandboxFixture
{
    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { LicenseKeys = ["first", "second"] };

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("third")]
    [TestCase("FIRST")]
    public async Task A_request_without_an_accepted_key_is_answered_403(string? key)
    {
        using var client = new ApiClient(Server) { Key = key };
        var answer = await client.PostAsync("limits/minutes_left/");

        Assert.That(answer.Code, Is.EqualTo(403));
        Assert.That(answer.Body.ToString(Newtonsoft.Json.Formatting.None), Is.EqualTo("""{"detail":"Provide license key in 'X-License-Key' header"}"""));
    }

    [Test]
    public async Task A_refusal_of_the_key_carries_no_challenge()
    {
        using var response = await Http.PostAsync("/api/v1/limits/minutes_left/", null);

        Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
    }

    [Test]
    public async Task Key_is_checked_before_the_body()
    {
        using var client = new ApiClient(Server) { Key = null };

        Assert.That((await client.PostAsync("check/", new JArray())).Code, Is.EqualTo(403));
    }

    [Test]
    public void LicenseKey_is_the_first_accepted_key() => Assert.That(Server.LicenseKey, Is.EqualTo("first"));

    [TestCase("check", 404)]
    [TestCase("Check/", 404)]
    [TestCase("check//", 404)]
    [TestCase("", 404)]
    [TestCase("unheard/of/", 404)]
    public async Task Path_that_does_not_match_exactly_is_not_found(string path, int status)
    {
        Assert.That((await Client.PostAsync(path)).Code, Is.EqualTo(status));
    }

    [TestCase("GET")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task Every_operation_is_a_POST(string method)
    {
        Assert.That((await Client.SendAsync("limits/minutes_left/", null, new HttpMethod(method))).Code, Is.EqualTo(405));
    }

    [Test]
    public async Task Every_response_has_a_unique_request_ID()
    {
        var ids = new[] { await Client.PostAsync("limits/minutes_left/"), await Client.PostAsync("nowhere/"), await Client.PostAsync("check/") };

        Assert.That(ids.Select(answer => answer.RequestId), Is.Unique);
    }

    [Test]
    public async Task Keys_are_independent()
    {
        using var other = new ApiClient(Server, "second");
        var source = await Client.UploadSecondsAsync(60);
        var task = await Client.SplitIdAsync(source);

        Assert.That((string?)(await other.CheckAsync(task))["status"], Is.EqualTo("server_error"));
        Assert.That((await other.SplitAsync(source)).Code, Is.EqualTo(400));
        Assert.That((await other.PostAsync("delete/", new JObject { ["source_id"] = source })).Code, Is.EqualTo(400));
        Assert.That((await other.PostAsync("cancel/all/")).Body["result"], Is.Empty);
        Assert.That(await other.GetMinutesLeftAsync(), Is.EqualTo(600));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(599));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("progress"));
    }
}
