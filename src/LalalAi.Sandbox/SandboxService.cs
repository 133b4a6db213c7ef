using Microsoft.Extensions.Hosting;

namespace LalalAi.Sandbox;

/// <summary>Asks for the sandbox when the host starts, so that it is there without a client as well. The container disposes of it.</summary>
internal sealed class SandboxService(SandboxServer server) : IHostedService
{
    public SandboxServer Server => server;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
