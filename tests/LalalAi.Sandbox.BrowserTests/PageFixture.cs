using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using Newtonsoft.Json.Linq;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>
/// A sandbox with a stopped clock, and its page in a browser. Every test also fails if the page throws, or violates its content
/// security policy.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class PageFixture : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _problems = new();
    private SandboxServer? _server;
    private HttpClient? _http;
    private IBrowserContext? _context;
    private IPage? _page;

    protected SandboxServer Server => _server!;

    protected HttpClient Http => _http!;

    protected IPage Page => _page!;

    /// <summary>What has gone wrong in the page so far.</summary>
    protected IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Removes the problems that a test has caused on purpose.</summary>
    protected void TakeProblems() => _problems.Clear();

    [SetUp]
    public async Task OpenAsync()
    {
        _server = await SandboxServer.StartAsync(CreateOptions());
        _http = new HttpClient { BaseAddress = Server.BaseAddress, DefaultRequestHeaders = { { "X-License-Key", Server.LicenseKey } } };
        await OpenBrowserAsync(1600, ColorScheme.Light);
    }

    [TearDown]
    public void NothingWentWrong() => Assert.That(_problems, Is.Empty);

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        _http?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual SandboxOptions CreateOptions() => new()
    {
        TimeProvider = new FakeTimeProvider(new DateTimeOffset(2025, 10, 20, 12, 0, 0, TimeSpan.Zero)),
        ChecksPerMinute = null,
    };

    /// <summary>Opens a browser window, in place of the one before.</summary>
    protected async Task OpenBrowserAsync(int width, ColorScheme colors)
    {
        await (_context?.CloseAsync() ?? Task.CompletedTask);
        _context = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
        });
        _context.SetDefaultTimeout((float)TestLimit.Time.TotalMilliseconds);
        _page = await _context.NewPageAsync();
        _page.PageError += (_, error) => _problems.Enqueue(error);
        await _page.ExposeFunctionAsync("reportViolation", (string violation) => _problems.Enqueue(violation));
        await _page.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', event => reportViolation(`${event.violatedDirective}: ${event.blockedURI}`));");
    }

    /// <summary>Opens a view of the page, and waits until it is connected.</summary>
    protected async Task GoToAsync(string view = "#/tasks")
    {
        await Page.GotoAsync(Server.DashboardAddress + view);
        await Expect(Page.Locator("#connection")).ToHaveTextAsync("live");
    }

    protected async Task<string> UploadAsync(string name, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.TryAddWithoutValidation("Content-Disposition", $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}");
        using var response = await Http.PostAsync("/api/v1/upload/", body);
        return (string)JObject.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())["id"]!;
    }

    protected async Task<JObject> PostAsync(string path, JObject body)
    {
        using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content);
        return JObject.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Splits a song into vocals and the rest, and lets the task succeed.</summary>
    protected async Task<string> SplitAsync(string name, TimeSpan duration)
    {
        var source = await UploadAsync(name, SandboxSong.Create(duration));
        var started = await PostAsync(
            "/api/v1/split/stem_separator/", new JObject { ["source_id"] = source, ["presets"] = new JObject { ["stem"] = "vocals" } });
        Server.Advance(TimeSpan.FromMinutes(5));
        return (string)started["task_id"]!;
    }
}
