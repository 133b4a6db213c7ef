using LalalAi.Tests.Hosts;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Tasks;

/// <summary>The results of cancellations.</summary>
public sealed class CancelTests
{
    private static readonly TaskId Task1 = new("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34");

    [TestCase("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34")]
    [TestCase("7D3B2A90-1C4E-4B6F-9F1D-0A8E5C2B7D34")]
    public async Task CancelAsync_finds_the_result_in_any_spelling_of_the_ID(string id)
    {
        await using var server = ScriptedServer.Start(_ => Canceled(id));
        await using var client = ApiClients.For(server.Address);

        Assert.That(await client.CancelAsync(Task1), Is.TypeOf<CancelSucceeded>());
    }

    [Test]
    public async Task CancelAllAsync_returns_one_result_for_each_task()
    {
        await using var server = ScriptedServer.Start(_ => Canceled(Task1.Value, Task1.Value.ToUpperInvariant()));
        await using var client = ApiClients.For(server.Address);

        Assert.That((await client.CancelAllAsync()).Keys, Is.EqualTo(new[] { Task1 }));
    }

    [Test]
    public async Task CancelAllAsync_throws_when_the_response_contains_no_result()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Empty);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<LalalAiApiException>(() => client.CancelAllAsync());

        Assert.That(exception!.Message, Does.Contain("the response lacks fields that the contract requires"));
    }

    private static ScriptedResponse Canceled(params string[] ids)
    {
        var entries = ids.Select(id => new JProperty(id, new JObject { ["status"] = "success" }));
        return new ScriptedResponse { Body = new JObject { ["result"] = new JObject(entries) }.ToString() };
    }
}
