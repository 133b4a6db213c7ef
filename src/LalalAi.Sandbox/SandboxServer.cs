using System.Net;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Dashboard;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Time;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox;

/// <summary>
/// A local stand-in for the LALAL.AI API. It needs no account and costs nothing. It serves every operation of the contract on one port and
/// the download links on a second port, both over plain HTTP on the loopback interface. State is kept in memory, files on disk.
/// </summary>
/// <remarks>
/// <para>
/// The sandbox does not contain a neural network. It decodes the source, splits it with fixed filters, and encodes the tracks in the
/// requested format. Stems sound different, and the uncompressed tracks of a source add up to it. See
/// <see cref="SandboxOptions.UseFfmpeg"/> for the formats.
/// </para>
/// <para>Where the behavior of the service is not documented, the sandbox implements the stricter interpretation.</para>
/// </remarks>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceContract _contract;
    private readonly SandboxOptions _options;
    private readonly SandboxClock _clock;
    private readonly FileStore _files;
    private readonly TrackStore _tracks;
    private readonly FaultPlanRegistry _plans;
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
        _options = (options.Behavior?.ApplyTo(options) ?? options) with { TimeProvider = _clock };
        _files = new FileStore(options.StateDirectory);
        var ffmpeg = options.UseFfmpeg ? Ffmpeg.Find() : null;
        var decoder = new MediaDecoder(ffmpeg);
        UsesFfmpeg = ffmpeg is not null;
        _tracks = new TrackStore(_files, decoder, ffmpeg, _stopping.Token);
        _plans = new FaultPlanRegistry(contract);
        _licenses = new LicenseRegistry(_plans, _options);
        _expired = new ExpiredFiles(_licenses, _tracks, _clock);
        _sources = new SourceStore(_files, decoder, _options);
        _log = new RequestLog(_clock, keepsBodies: options.Dashboard);
        _access = new AccessRules(_options);
    }

    /// <summary>The base URL of the API, such as <c>http://127.0.0.1:50123/</c>. Use it instead of <c>https://www.lalal.ai/</c>.</summary>
    public Uri BaseAddress => _api!.BaseAddress;

    /// <summary>
    /// The web page of the sandbox, on the API's address: tasks with their tracks, requests, faults and the clock, live in a browser. See
    /// <see cref="SandboxOptions.Dashboard"/>.
    /// </summary>
    public Uri DashboardAddress => new(BaseAddress, $"{AccessRules.ControlPath}/");

    /// <summary>An accepted license key: the first of <see cref="SandboxOptions.LicenseKeys"/>, or <c>sandbox-license-key</c>.</summary>
    public string LicenseKey => _licenses.AnyKey;

    /// <summary>The token that control calls from other machines must send in the header <c>X-Sandbox-Token</c>.</summary>
    public string ControlToken => _access.ControlToken;

    /// <summary>Whether ffmpeg was found: see <see cref="SandboxOptions.UseFfmpeg"/>.</summary>
    public bool UsesFfmpeg { get; }

    /// <summary>The faults to inject. Empty at first.</summary>
    public FaultPlan Faults => _plans.Ordered;

    /// <summary>A copy of the latest 10,000 requests to the API and to download links, in the order of their arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Requests;

    /// <summary>The folder with the files.</summary>
    internal string Folder => _files.Root;

    /// <summary>Starts a sandbox. Any number of sandboxes can run side by side in one process; they share nothing.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The running sandbox. Dispose it to free its ports and delete its temporary files.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">
    /// The port is in use, the address does not belong to this machine, or the folder for files cannot be created, is in use by another
    /// sandbox or contains an unreadable state.
    /// </exception>
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

    /// <summary>Returns the usage counts since the start or the last <see cref="Reset"/>.</summary>
    /// <param name="licenseKey">The license key of one client; <see langword="null"/>, the default, for all clients together.</param>
    /// <returns>The counts so far.</returns>
    public UsageReport GetReport(string? licenseKey = null) => _licenses.Report(licenseKey);

    /// <summary>Advances the sandbox's clock. Tasks make progress, and sources, tasks and links expire.</summary>
    /// <param name="time">The time to advance by. Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative or too large.</exception>
    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>
    /// Creates sources and running tasks for a license key, and sets its minutes. Tests can then begin without an upload.
    /// </summary>
    /// <param name="seed">The data to create.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The IDs of the created data.</returns>
    /// <exception cref="ArgumentException">The license key is not accepted, a name is empty, or a number is out of its range.</exception>
    public Task<SeededLicense> SeedAsync(SandboxSeed seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return new Seeding(_licenses, _sources, _plans, new StartRequestReader(_contract)).ApplyAsync(seed, cancellationToken);
    }

    /// <summary>
    /// Deletes sources, tasks, faults, recorded requests and usage counts, and restores the minutes. The clock keeps its time.
    /// </summary>
    public void Reset()
    {
        _plans.Clear();
        _expired.DeleteAll();
        _log.Clear();
    }

    /// <summary>Closes both ports, aborts requests in progress and deletes the temporary folder. Further calls do nothing.</summary>
    /// <returns>A task that completes when the sandbox has stopped.</returns>
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
        var control = new ControlEndpoints(this, _options.Dashboard ? CreateDashboard() : null, _access, _clock);
        Task HandleAsync(HttpContext context)
        {
            var request = context.Request;
            if (_options.Dashboard && request.Path == "/" && DashboardPage.IsAskedFor(request))
            {
                context.Response.Redirect($"{AccessRules.ControlPath}/");
                return Task.CompletedTask;
            }

            return request.Path.StartsWithSegments(AccessRules.ControlPath) ? control.HandleAsync(context)
                : request.Path == ServiceContract.Path && HttpMethods.IsGet(request.Method) ? ServiceContract.SendAsync(context)
                : api.HandleAsync(context);
        }

        _api = await ServeAsync(_options.Port, HandleAsync, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpServer> ServeAsync(int port, RequestDelegate handle, CancellationToken cancellationToken) => HttpServer.StartAsync(
        new IPEndPoint(_options.ListenAddress, port),
        context => _access.Refuse(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : handle(context),
        cancellationToken);

    private DashboardEndpoints CreateDashboard()
    {
        var menu = DashboardMenu.Create(LicenseKey, UsesFfmpeg, _options, _contract, _plans.Grammar);
        var feed = new DashboardFeed(_licenses, _log, _plans.Ordered, menu, _clock, _stopping.Token);
        return new DashboardEndpoints(feed, _licenses, _tracks, _log, _plans.Grammar, _access);
    }

    private OperationRegistry CreateOperations(DownloadLinks links)
    {
        var operations = new OperationRegistry(_contract);
        var reader = new StartRequestReader(_contract);
        new UploadEndpoint(_sources, _plans).AddTo(operations);
        new StartEndpoints(reader).AddTo(operations);
        new BatchEndpoints(reader).AddTo(operations);
        new CheckEndpoint(links, _tracks, _options).AddTo(operations);
        CancelEndpoints.AddTo(operations);
        DeleteEndpoint.AddTo(operations);
        LimitsEndpoint.AddTo(operations);
        VoicePackEndpoint.AddTo(operations);
        return operations;
    }
}
