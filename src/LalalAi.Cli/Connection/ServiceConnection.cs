using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Connection;

/// <summary>How a command connects to a service.</summary>
internal sealed record ConnectionOptions(ProgramContext Context)
{
    /// <summary>Whether to start a sandbox that ends with the command.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>The file with the license key. By default the environment or <c>lalalai login</c> provides it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The key itself, if it was entered.</summary>
    public string? Key { get; init; }

    /// <summary>The bytes per second of all transfers together, or <see langword="null"/> for no limit.</summary>
    public long? Bandwidth { get; init; }

    /// <summary>How many times a failed request is retried, or <see langword="null"/> for the client's default.</summary>
    public int? MaxRetries { get; init; }

    public ClientLog? Log { get; init; }
}

/// <summary>
/// A client of the service that the command uses: the real one, the one that the environment names, or a sandbox that ends with the
/// command.
/// </summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    // Fast enough to split a ten-minute song in seconds, and slow enough to see progress.
    private const double SandboxSpeed = 20;

    private const int FirstRetries = 4;

    /// <summary>The name of a temporary sandbox in the journal, and of the folder for its tracks.</summary>
    public const string SandboxName = "sandbox";

    private readonly SandboxServer? _sandbox;

    private ServiceConnection(LalalAiClientOptions options, ConnectionOptions connection, SandboxServer? sandbox)
    {
        options.LoggerFactory = connection.Log;
        options.MaxRetries = connection.MaxRetries ?? options.MaxRetries;
        if (connection.Bandwidth is { } bandwidth)
        {
            var limit = new BandwidthLimit(bandwidth, TimeProvider.System);
            options.PrimaryHandlerFactory = () => new BandwidthLimitHandler(limit);
        }

        try
        {
            Client = new LalalAiClient(options);
        }
        catch (ArgumentException exception)
        {
            // Users set the address with a variable.
            var message = Failure.Describe(exception).Replace(
                nameof(options.BaseAddress), LalalAiClientOptions.BaseAddressVariable, StringComparison.Ordinal);
            throw new ArgumentException(message, exception);
        }

        Secret = options.LicenseKey;
        Service = sandbox is null ? Client.BaseAddress.AbsoluteUri : SandboxName;
        _sandbox = sandbox;
    }

    public ILalalAiClient Client { get; }

    /// <summary>The license key, which must not appear in any output.</summary>
    public string Secret { get; }

    /// <summary>The name of the service in the journal, because IDs are valid for one service only.</summary>
    public string Service { get; }

    /// <summary>The web page of the sandbox; <see langword="null"/> for other services.</summary>
    public Uri? DashboardAddress => _sandbox?.DashboardAddress;

    /// <summary>Whether the sources and tasks end with the command.</summary>
    public bool IsTemporary => _sandbox is not null;

    /// <summary>Whether the sandbox cannot encode compressed formats.</summary>
    public bool LacksFfmpeg => _sandbox is { UsesFfmpeg: false };

    /// <exception cref="UsageException">There is no license key.</exception>
    public static async Task<ServiceConnection> OpenAsync(ConnectionOptions connection, CancellationToken cancellationToken)
    {
        if (!connection.IsSandbox)
        {
            var options = connection.Context.CreateClientOptions();
            options.LicenseKey = LicenseKey.Find(connection)?.Value ?? throw new UsageException(
                $"There is no license key. Store yours with `lalalai login`, put it into the environment variable "
                    + $"{LalalAiClientOptions.LicenseKeyVariable} or a file for --license-key-file, "
                    + "or add --sandbox to try it without an account.");
            options.CheckRateLimiter = SharedCheckBudget.For(connection.Context, options.BaseAddress, options.LicenseKey);
            return new ServiceConnection(options, connection, null);
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
            connection,
            sandbox);
    }

    /// <summary>The name in the journal of the service that a command uses.</summary>
    public static string Current(ProgramContext context, bool isSandbox) =>
        isSandbox ? SandboxName : context.CreateClientOptions().BaseAddress.AbsoluteUri;

    /// <summary>
    /// Returns the minutes that are left. It is the first call of a command, so it fails soon if the service cannot be reached.
    /// </summary>
    /// <exception cref="UsageException">The API is not at the address that was set.</exception>
    public async Task<double?> GetMinutesLeftAsync(CancellationToken cancellationToken)
    {
        var options = new CallOptions { Operation = "MinutesLeft", MaxRetries = FirstRetries };
        try
        {
            var response = await Client.SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), options, cancellationToken);
            return response.MinutesLeft;
        }
        catch (LalalAiApiException exception)
            when (exception is { StatusCode: 404, Detail: not null } && Client.BaseAddress != LalalAiClientOptions.DefaultBaseAddress)
        {
            throw new UsageException(
                $"The API of LALAL.AI was not found at {Client.BaseAddress} (HTTP 404). "
                    + $"Check the environment variable {LalalAiClientOptions.BaseAddressVariable}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }
}
