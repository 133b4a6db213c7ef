namespace LalalAi.Tests.Hosts;

/// <summary>Clients for tests of single requests: they retry twice, without a delay, and check without a pause.</summary>
internal static class ApiClients
{
    /// <summary>A handler that waits for the response to an expectation, however slow the machine is. By default it waits for a second.</summary>
    public static HttpMessageHandler PatientHandler() => new SocketsHttpHandler { Expect100ContinueTimeout = TestLimit.Time };

    public static LalalAiClient For(Uri address, Action<LalalAiClientOptions>? configure = null)
    {
        var options = new LalalAiClientOptions
        {
            BaseAddress = address,
            LicenseKey = "secret-key",
            MaxRetries = 2,
            RetryDelay = TimeSpan.Zero,
            PollingInterval = TimeSpan.FromMilliseconds(20),
        };
        configure?.Invoke(options);
        return new LalalAiClient(options);
    }
}
