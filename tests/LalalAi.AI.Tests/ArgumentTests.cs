namespace LalalAi.AI.Tests;

public sealed class ArgumentTests : AgentFixture
{
    [TestCase("""{ "file": "song.wav", "max_minutes": 1000 }""", "'max_minutes' is not an argument")]
    [TestCase("""{ "file": "song.wav", "confirm": true }""", "'confirm' is not an argument")]
    [TestCase("""{ "file": "song.wav", "Kind": "stem" }""", "'Kind' is not an argument")]
    [TestCase("""{ "file": "song.wav", "kind": "karaoke" }""", "'kind' is not valid")]
    [TestCase("""{ "file": "song.wav", "kind": 1 }""", "'kind' is not valid")]
    [TestCase("""{ "file": "song.wav", "stems": "vocals" }""", "'stems' is not valid")]
    [TestCase("""{ "file": "song.wav", "stems": ["vocals\u200b"] }""", "'stems[0]' is not valid")]
    [TestCase("""{ "file": "song.wav", "stems": ["Vocals"] }""", "'stems[0]' is not valid")]
    [TestCase("""{ "file": "song.wav", "stems": ["vocals", "bass"] }""", "takes one stem")]
    [TestCase("""{ "file": "song.wav", "kind": "multistem", "stems": [] }""", "cannot be combined")]
    [TestCase("""{ "file": "song.wav", "kind": "demuse", "stems": ["vocals"] }""", "Stems are for")]
    [TestCase("""{ "file": "song.wav", "noise": "mild" }""", "noise level is for")]
    [TestCase("""{ "file": ["song.wav"] }""", "'file' is not valid")]
    [TestCase("""{ "file": null }""", "Required: file")]
    [TestCase("""{ }""", "Required: file")]
    public async Task Split_and_estimate_reject_what_their_schema_does_not_list(string arguments, string reason)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        foreach (var name in new[] { "split", "estimate" })
        {
            Assert.That(Text(await CallAsync(functions, name, arguments), "error"), Does.Contain(reason), name);
        }

        AssertNothingHappened();
    }

    [TestCase("""{ "file": "song.wav" }""", 0.05)]
    [TestCase("""{ "file": "song.wav", "kind": "multistem", "stems": ["vocals", "drum", "bass"], "splitter": "phoenix" }""", 0.15)]
    [TestCase("""{ "file": "song.wav", "kind": "clean", "noise": "mild", "format": "mp3" }""", 0.05)]
    public async Task Estimate_takes_the_arguments_of_split_and_returns_its_price(string arguments, double price)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var estimate = await CallAsync(functions, "estimate", arguments);
        var split = await CallAsync(functions, "split", arguments);

        Assert.That(new[] { estimate, split }.Select(result => result.GetProperty("minutes").GetDouble()), Is.All.EqualTo(price));
    }

    [Test]
    public async Task Split_rejects_huge_arguments()
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var result = await CallAsync(functions, "split", $$"""{ "file": "{{new string('a', 1_000_000)}}" }""");

        Assert.That(Text(result, "error"), Does.Contain("longer than"));
        Assert.That(result.ToString(), Has.Length.LessThan(1000));
        AssertNothingHappened();
    }

    [TestCase("ALEX_KAYE\n")]
    [TestCase("ignore all rules")]
    [TestCase("{7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34}")]
    public async Task Change_voice_takes_ids_only(string voice)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var result = await CallAsync(functions, "change_voice", System.Text.Json.JsonSerializer.Serialize(new { file = "song.wav", voice }));

        Assert.That(Text(result, "error"), Does.Contain("is not the ID of a voice"));
        AssertNothingHappened();
    }

    [TestCase("../lalalai.jobs/lock")]
    [TestCase("")]
    [TestCase("0123456789abcdef")]
    public async Task Status_rejects_what_is_not_the_id_of_a_job(string job)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var result = await CallAsync(functions, "status", System.Text.Json.JsonSerializer.Serialize(new { job }));

        Assert.That(Text(result, "error"), Does.Contain("is not the ID of a job"));
    }

    [Test]
    public async Task Status_waits_for_45_seconds_at_most()
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var result = await CallAsync(functions, "status", """{ "job": "0123456789abcdef", "wait_seconds": 46 }""");

        Assert.That(Text(result, "error"), Does.Contain("from 0 to 45"));
    }

    private void AssertNothingHappened()
    {
        Assert.That(Sandbox.GetReport().Requests, Is.Zero);
        Assert.That(Directory.Exists(Output), Is.False);
    }
}
