namespace LalalAi.AI.Tests;

/// <summary>The voices that an agent can choose from, and the change of a voice.</summary>
[CancelAfter(TestLimit.Milliseconds)]
public sealed class VoiceTests : AgentFixture
{
    [Test]
    public async Task Account_lists_the_voices_of_the_service_and_those_of_the_user(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var account = await CallAsync(functions, "account", "{}", cancellationToken);

        var own = (await Client.GetVoicePacksAsync(cancellationToken)).Select(pack => ((string?)pack.Id, (string?)pack.Name)).ToList();
        Assert.That(own, Is.Not.Empty);
        Assert.That(
            account.GetProperty("voices").EnumerateArray().Select(voice => (Text(voice, "id"), Text(voice, "name"))),
            Is.EqualTo(VoicePackIds.All.Select(id => ((string?)id, (string?)null)).Concat(own)));
    }

    [TestCase("first", Description = "A voice of the service.")]
    [TestCase("last", Description = "A voice of the user.")]
    public async Task Change_voice_returns_a_file_in_a_voice_of_the_account(string position, CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);
        var voices = (await CallAsync(functions, "account", "{}", cancellationToken)).GetProperty("voices").EnumerateArray().ToList();
        var voice = Text(position == "first" ? voices[0] : voices[^1], "id");

        var call = $$"""{ "file": "song.wav", "voice": "{{voice}}", "accent": 0.5, "dereverb": true }""";
        var started = await CallAsync(functions, "change_voice", call, cancellationToken);
        var done = await FinishAsync(functions, Text(started, "job")!, cancellationToken);

        var request = Sandbox.Requests.Single(request => request.Operation == "change_voice");
        using var http = new HttpClient();
        var sent = await http.GetStringAsync(new Uri(Sandbox.DashboardAddress, $"requests/{request.Number}"), cancellationToken);
        Assert.Multiple(() =>
        {
            Assert.That(Text(done, "status"), Is.EqualTo("done"), done.ToString());
            Assert.That(done.GetProperty("files").EnumerateArray().Select(file => Text(file, "path")), Has.Exactly(1).Items.And.All.Matches<string>(File.Exists));
            Assert.That(done.GetProperty("minutes").GetDouble(), Is.EqualTo(Price).Within(1e-9));
            Assert.That(sent, Does.Contain(voice).And.Match(@"accent\W+0\.5\b").And.Match(@"dereverb_enabled\W+true"));
        });
    }
}
