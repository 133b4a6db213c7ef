using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Sandbox.Tests;

/// <summary>A sandbox of its own for each test, with a stopped clock, and a client for it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal abstract class SandboxFixture : IAsyncDisposable
{
    private SandboxServer? _server;
    private ApiClient? _client;

    /// <summary>Options for tests that upload dummy bytes, for which no program has to start.</summary>
    public static SandboxOptions DummyContent { get; } =
        new() { UndecodableContent = UndecodableContent.PassThrough, UseFfmpeg = false };

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2025, 10, 20, 12, 0, 0, TimeSpan.Zero));

    protected SandboxServer Server => _server!;

    protected ApiClient Client => _client!;

    protected HttpClient Http => Client.Http;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await SandboxServer.StartAsync(CreateOptions());
        _client = new ApiClient(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual SandboxOptions CreateOptions() => DummyContent with { TimeProvider = Clock };

    /// <summary>Passes the time that a task on a short source takes.</summary>
    protected void FinishTasks() => Clock.Advance(TimeSpan.FromMinutes(2));
}
