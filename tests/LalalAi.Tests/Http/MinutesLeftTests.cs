using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Http;

/// <summary>The balance of the account, in each form that the service may send.</summary>
public sealed class MinutesLeftTests
{
    [TestCase("""{"minutes_left":12.5}""", 12.5)]
    [TestCase("""{"minutes_left":"12.5"}""", 12.5)]
    [TestCase("""{"minutes_left":0}""", 0)]
    [TestCase("""{"minutes_left":null}""", null)]
    [TestCase("{}", null)]
    public async Task GetMinutesLeftAsync_returns_null_only_if_the_minutes_are_unknown(string body, double? minutes)
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = body });
        await using var client = ApiClients.For(server.Address);

        Assert.That(await client.GetMinutesLeftAsync(), Is.EqualTo(minutes));
    }
}
