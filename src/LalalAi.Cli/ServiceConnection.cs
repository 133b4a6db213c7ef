using LalalAi.Sandbox;

namespace LalalAi.Cli;

/// <summary>A client of the service that the command was pointed at: the real one, the one that the environment names, or a sandbox that lives as long as the command.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    // A ten-minute song is split in seconds, and there is still something to see.
    private const double SandboxSpeed = 20;

    private readonly SandboxServer? _sandbox;

    private ServiceConnection(LalalAiClientOptions options, SandboxServer? sandbox)
    {
        Client = new LalalAiClient(options);
        _sandbox = sandbox;
    }

    public LalalAiClient Client { get; }

    public static async Task<ServiceConnection> OpenAsync(bool inSandbox, CancellationToken cancellationToken)
    {
        if (!inSandbox)
        {
            var options = LalalAiClientOptions.FromEnvironment();
            return options.LicenseKey.Length > 0
                ? new ServiceConnection(options, null)
                : throw new UsageException($"There is no license key. Put yours into the environment variable {LalalAiClientOptions.LicenseKeyVariable}, or add --sandbox to try it without an account.");
        }

        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = SandboxSpeed }, cancellationToken).ConfigureAwait(false);
        return new ServiceConnection(
            new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey, PollingInterval = TimeSpan.FromSeconds(0.5), CheckRateLimiter = null }, sandbox);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }
}
