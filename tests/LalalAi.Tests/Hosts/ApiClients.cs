namespace LalalAi.Tests.Hosts;

/// <summary>Clients for tests of single requests: they repeat twice, without a wait.</summary>
internal static class ApiClients
{
    public static LalalAiClient For(Uri address, Action<LalalAiClientOptions>? configure = null)
    {
        var options = new LalalAiClientOptions { BaseAddress = address, LicenseKey = "secret-key", MaxRetries = 2, RetryDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        return new LalalAiClient(options);
    }
}
