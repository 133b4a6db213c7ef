using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox;

/// <summary>
/// A local stand-in for the LALAL.AI API, with no account and no minutes to lose. It serves every operation of the contract on one loopback port and
/// the download links on a second one, both over plain HTTP, and keeps its state in memory.
/// </summary>
/// <remarks>
/// <para>
/// It is no neural network. The tracks of an uncompressed WAV file (8, 16, 24 or 32-bit integers or 32-bit floats) are made with fixed filters: they
/// can be told apart by ear and add up to the source again, sample by sample. Every other file comes back unchanged under the right labels, and is taken
/// to last one second per 16,000 bytes. Nothing is ever encoded: an <c>encoder_format</c> changes a track's extension and content type, not its bytes.
/// </para>
/// <para>Where the service's behaviour is not documented, the sandbox takes the stricter reading.</para>
/// </remarks>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly FileStore _files;
    private readonly TrackStore _tracks;
    private readonly LicenseRegistry _licenses;
    private LoopbackServer? _api;
    private LoopbackServer? _links;
    private int _disposed;

    private SandboxServer(SandboxOptions options)
    {
        _files = new FileStore(options.StateDirectory);
        _tracks = new TrackStore(_files, _stopping.Token);
        _licenses = new LicenseRegistry(options);
    }

    /// <summary>Where the API is, such as <c>http://127.0.0.1:50123/</c>: give it to a client in place of <c>https://www.lalal.ai/</c>.</summary>
    public Uri BaseAddress => _api!.BaseAddress;

    /// <summary>A licence key that is accepted: the first of <see cref="SandboxOptions.LicenseKeys"/>, or <c>sandbox-license-key</c>.</summary>
    public string LicenseKey => _licenses.AnyKey;

    /// <summary>Starts a sandbox. Any number of them can run side by side in one process; they share nothing.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <returns>The sandbox, ready to answer. Dispose of it to free its ports and files.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The port is taken, or the folder for files cannot be made.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions? options = null, CancellationToken ct = default)
    {
        options ??= new SandboxOptions();
        options.Validate();
        var server = new SandboxServer(options);
        try
        {
            await server.ListenAsync(options, ct).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes both ports, aborts what is still being answered and removes the temporary folder. Later calls do nothing.</summary>
    /// <returns>A task that ends when everything is gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var origin in new[] { _api, _links })
        {
            if (origin is not null)
            {
                await origin.DisposeAsync().ConfigureAwait(false);
            }
        }

        await _tracks.WhenIdleAsync().ConfigureAwait(false);
        _files.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        // Reading the contract takes the longest, so that it goes on beside the start of the first server.
        var loading = ServiceContract.LoadAsync();
        var signer = new LinkSigner();
        _links = await LoopbackServer.StartAsync(0, new LinkEndpoint(_licenses, signer, _tracks, options).HandleAsync, cancellationToken).ConfigureAwait(false);
        var contract = await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        var operations = CreateOperations(contract, new DownloadLinks(_links.BaseAddress, signer, options), options);
        var sweep = new ExpirySweep(_licenses, _tracks, options.TimeProvider);
        var dispatcher = new ApiDispatcher(operations, _licenses, sweep);
        _api = await LoopbackServer.StartAsync(options.Port, dispatcher.HandleAsync, cancellationToken).ConfigureAwait(false);
    }

    private ApiOperations CreateOperations(ServiceContract contract, DownloadLinks links, SandboxOptions options)
    {
        var operations = new ApiOperations(contract);
        var reader = new StartRequestReader(contract);
        new UploadEndpoint(_files, options).AddTo(operations);
        new StartEndpoints(reader).AddTo(operations);
        new BatchEndpoints(reader, options).AddTo(operations);
        new CheckEndpoint(links, options).AddTo(operations);
        CancelEndpoints.AddTo(operations);
        DeleteEndpoint.AddTo(operations);
        LimitsEndpoint.AddTo(operations);
        VoicePacks.AddTo(operations);
        return operations;
    }
}
