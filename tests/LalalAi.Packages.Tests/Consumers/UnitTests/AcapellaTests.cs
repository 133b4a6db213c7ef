using LalalAi;
using LalalAi.Sandbox;
using Library;
using NUnit.Framework;

namespace UnitTests;

public sealed class AcapellaTests
{
    private SandboxServer _sandbox = null!;
    private LalalAiClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        _client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = _sandbox.BaseAddress, LicenseKey = _sandbox.LicenseKey });
        await File.WriteAllBytesAsync("song.wav", SandboxSong.Create(TimeSpan.FromSeconds(1)));
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    [Test]
    public async Task Library_for_net_standard_makes_an_acapella_in_the_sandbox() => Assert.That(await new Acapella(_client).MakeAsync("song.wav", "out"), Does.Exist);

    [Test]
    public async Task Library_for_net_standard_enumerates_states() => Assert.That((await new Acapella(_client).WatchAsync("song.wav")).Last(), Is.TypeOf<TaskSucceeded>());
}
