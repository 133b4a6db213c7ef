using Microsoft.Extensions.Hosting;

namespace LalalAi.Sandbox;

/// <summary>Resolves the sandbox when the host starts, even if no client does. The container disposes it.</summary>
internal sealed class SandboxService(SandboxServer server) : IHostedService
{
    public SandboxServer Server => server;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
