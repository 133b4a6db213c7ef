using LalalAi.Sandbox;

namespace LalalAi.Cli;

/// <summary>A client of the service that the command was pointed at: the real one, the one that the environment names, or a sandbox that lives as long as the command.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    // A ten-minute song is split in seconds, and there is still something to see.
    private const double SandboxSpeed = 20;

    /// <summary>The name of a temporary sandbox in the journal, and of the folder for its tracks.</summary>
    public const string SandboxName = "sandbox";

    private readonly SandboxServer? _sandbox;

    private ServiceConnection(LalalAiClientOptions options, SandboxServer? sandbox)
    {
        Client = new LalalAiClient(options);
        LicenseKey = options.LicenseKey;
        Service = sandbox is null ? NameOf(Client.BaseAddress) : SandboxName;
        _sandbox = sandbox;
    }

    public ILalalAiClient Client { get; }

    public string LicenseKey { get; }

    /// <summary>Which service it is, for the journal: ids of one mean nothing to another.</summary>
    public string Service { get; }

    /// <summary>Whether everything that the service holds ends with the command.</summary>
    public bool IsTemporary => _sandbox is not null;

    /// <param name="inSandbox">Whether to start a sandbox.</param>
    /// <param name="keyFile">The file with the license key; by default the environment has it.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<ServiceConnection> OpenAsync(bool inSandbox, string? keyFile, CancellationToken cancellationToken)
    {
        if (!inSandbox)
        {
            var options = LalalAiClientOptions.FromEnvironment();
            options.LicenseKey = keyFile is null ? options.LicenseKey : ReadKey(keyFile);
            return options.LicenseKey.Length > 0
                ? new ServiceConnection(options, null)
                : throw new UsageException($"There is no license key. Put yours into the environment variable {LalalAiClientOptions.LicenseKeyVariable} or a file for --license-key-file, or add --sandbox to try it without an account.");
        }

        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = SandboxSpeed }, cancellationToken);
        return new ServiceConnection(
            new LalalAiClientOptions
            {
                BaseAddress = sandbox.BaseAddress,
                LicenseKey = sandbox.LicenseKey,
                PollingInterval = TimeSpan.FromSeconds(0.5),
                CheckRateLimiter = null,
            },
            sandbox);
    }

    /// <summary>The name in the journal of the service that a command is pointed at.</summary>
    public static string Current(bool inSandbox) => inSandbox ? SandboxName : NameOf(LalalAiClientOptions.FromEnvironment().BaseAddress);

    /// <summary>Whether there is a license key to connect with.</summary>
    public static bool HasKey(string? keyFile) => keyFile is not null || Environment.GetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable) is { Length: > 0 };

    // One service has one name, however its address is written.
    private static string NameOf(Uri address) => address.AbsoluteUri.TrimEnd('/') + "/";

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }

    private static string ReadKey(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } key ? key : throw new UsageException($"The license key file {path} is empty. Put the key into it, and nothing else.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The license key file {path} cannot be read: {exception.Message}");
        }
    }
}
