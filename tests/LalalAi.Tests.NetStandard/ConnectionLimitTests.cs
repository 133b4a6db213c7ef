using System.Net;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests;

/// <summary>.NET Framework allows two connections to a host, unless its service point allows more.</summary>
public sealed class ConnectionLimitTests
{
    [Test]
    public async Task Client_raises_the_connection_limit_of_its_host()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var client = ApiClients.For(server.Address);

        await client.GetMinutesLeftAsync();

#pragma warning disable SYSLIB0014 // It is for .NET Framework.
        Assert.That(ServicePointManager.FindServicePoint(server.Address).ConnectionLimit, Is.EqualTo(100));
#pragma warning restore SYSLIB0014
    }
}
