using System.Net;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Usage;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Time;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox;

/// <summary>
/// A local stand-in for the LALAL.AI API, with no account and no minutes to lose. It serves every operation of the contract on one loopback port and
/// the download links on a second one, both over plain HTTP, and keeps its state in memory, and files on disk.
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
    private readonly ServiceContract _contract;
    private readonly SandboxOptions _options;
    private readonly SandboxClock _clock;
    private readonly FileStore _files;
    private readonly TrackStore _tracks;
    private readonly FaultPlans _plans;
    private readonly LicenseRegistry _licenses;
    private readonly ExpiredFiles _expired;
    private readonly SourceStore _sources;
    private readonly RequestLog _log;
    private readonly AccessRules _access;
    private HttpServer? _api;
    private HttpServer? _links;
    private int _disposed;

    private SandboxServer(SandboxOptions options, ServiceContract contract)
    {
        _clock = new SandboxClock(options.TimeProvider);
        _contract = contract;
        _options = options with { TimeProvider = _clock };
        _files = new FileStore(options.StateDirectory);
        var ffmpeg = options.UseFfmpeg ? Ffmpeg.Find() : null;
        var decoder = new MediaDecoder(ffmpeg);
        UsesFfmpeg = ffmpeg is not null;
        _tracks = new TrackStore(_files, decoder, ffmpeg, _stopping.Token);
        _plans = new FaultPlans(contract);
        _licenses = new LicenseRegistry(_plans, _options);
        _expired = new ExpiredFiles(_licenses, _tracks, _clock);
        _sources = new SourceStore(_files, decoder, _options);
        _log = new RequestLog(_clock);
        _access = new AccessRules(_options);
    }

    /// <summary>Where the API is, such as <c>http://127.0.0.1:50123/</c>: give it to a client in place of <c>https://www.lalal.ai/</c>.</summary>
    public Uri BaseAddress => _api!.BaseAddress;

    /// <summary>A license key that is accepted: the first of <see cref="SandboxOptions.LicenseKeys"/>, or <c>sandbox-license-key</c>.</summary>
    public string LicenseKey => _licenses.AnyKey;

    /// <summary>The token that control calls from other machines must carry in the header <c>X-Sandbox-Token</c>.</summary>
    public string ControlToken => _access.ControlToken;

    /// <summary>Whether ffmpeg was found: see <see cref="SandboxOptions.UseFfmpeg"/>.</summary>
    public bool UsesFfmpeg { get; }

    /// <summary>What goes wrong, in which order. Empty at first.</summary>
    public FaultPlan Faults => _plans.Ordered;

    /// <summary>The latest 10,000 requests to the API and to download links, in the order in which they came: a copy.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Requests;

    /// <summary>Where the files are.</summary>
    internal string Folder => _files.Root;

    /// <summary>Starts a sandbox. Any number of them can run side by side in one process; they share nothing.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The sandbox, ready to answer. Dispose of it to free its ports and files.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The port is taken, or the folder for files cannot be made, is in use by another sandbox or holds a state that cannot be read.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SandboxOptions();
        options.Validate();
        var contract = await ServiceContract.LoadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var server = new SandboxServer(options, contract);
        try
        {
            await server.ListenAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How clients have behaved since the start or the last <see cref="Reset"/>.</summary>
    /// <param name="licenseKey">The license key of one client; <see langword="null"/>, the default, for all together.</param>
    /// <returns>The figures so far.</returns>
    public UsageReport GetReport(string? licenseKey = null) => _licenses.Report(licenseKey);

    /// <summary>Moves the sandbox's clock ahead: tasks go on, and sources, tasks and links expire.</summary>
    /// <param name="time">How far; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative or leads too far.</exception>
    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Makes the sources and running tasks of a license and sets its minutes. Tests can then begin without an upload.</summary>
    /// <param name="seed">What to make.</param>
    /// <param name="cancellationToken">Stops making files.</param>
    /// <returns>The IDs of what was made.</returns>
    /// <exception cref="ArgumentException">The license key is not accepted, a name is empty, or a number is out of its range.</exception>
    public Task<SeededLicense> SeedAsync(SandboxSeed seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return new Seeding(_licenses, _sources, _plans, new StartRequestReader(_contract)).ApplyAsync(seed, cancellationToken);
    }

    /// <summary>Forgets everything: sources, tasks, minutes that were spent, faults, requests and conduct. The clock goes on.</summary>
    public void Reset()
    {
        _plans.Clear();
        _expired.DeleteAll();
        _log.Clear();
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
        if (_api is not null && _files.StatePath is { } state)
        {
            SavedState.Write(state, _licenses.Save());
        }

        _files.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_files.StatePath is { } state)
        {
            _licenses.Restore(SavedState.Read(state), _files);
        }

        var signer = new LinkSigner();
        var link = new LinkEndpoint(_licenses, signer, _tracks, _plans, _log, _options);
        _links = await ServeAsync(_options.LinksPort, link.HandleAsync, cancellationToken).ConfigureAwait(false);
        var operations = CreateOperations(new DownloadLinks(_links.BaseAddress.Port, signer, _options));
        var api = new ApiDispatcher(operations, _licenses, _plans, _log, _expired, _clock);
        var control = new ControlEndpoints(this, _access, _clock);
        Task HandleAsync(HttpContext context) =>
            context.Request.Path.StartsWithSegments(ControlEndpoints.Root) ? control.HandleAsync(context) : api.HandleAsync(context);
        _api = await ServeAsync(_options.Port, HandleAsync, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpServer> ServeAsync(int port, RequestDelegate handle, CancellationToken cancellationToken) => HttpServer.StartAsync(
        new IPEndPoint(_options.ListenAddress, port),
        context => _access.Refuse(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : handle(context),
        cancellationToken);

    private ApiOperations CreateOperations(DownloadLinks links)
    {
        var operations = new ApiOperations(_contract);
        var reader = new StartRequestReader(_contract);
        new UploadEndpoint(_sources, _plans).AddTo(operations);
        new StartEndpoints(reader).AddTo(operations);
        new BatchEndpoints(reader).AddTo(operations);
        new CheckEndpoint(links, _tracks, _options).AddTo(operations);
        CancelEndpoints.AddTo(operations);
        DeleteEndpoint.AddTo(operations);
        LimitsEndpoint.AddTo(operations);
        VoicePacks.AddTo(operations);
        return operations;
    }
}
