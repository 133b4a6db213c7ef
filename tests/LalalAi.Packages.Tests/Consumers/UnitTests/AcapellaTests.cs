using LalalAi;
using LalalAi.Sandbox;
using Library;
using NUnit.Framework;

namespace UnitTests;

public sealed class AcapellaTests
{
    [Test]
    public async Task A_netstandard_library_makes_an_acapella_in_the_sandbox()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
        await File.WriteAllBytesAsync("song.wav", SandboxSong.Create(TimeSpan.FromSeconds(1)));

        Assert.That(await new Acapella(client).MakeAsync("song.wav", "out"), Does.Exist);
    }
}
