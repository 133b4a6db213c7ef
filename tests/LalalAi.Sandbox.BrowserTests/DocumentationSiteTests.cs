using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>The documentation site in a browser. docfx builds it, with warnings as errors.</summary>
internal sealed class DocumentationSiteTests
{
    private const int Width = 400;

    private const string Read =
        """
        () => ({
          width: document.documentElement.scrollWidth,
          links: [...document.querySelectorAll("a[href]")].map(link => link.href).filter(link => link.startsWith(location.origin)),
          anchors: [...document.querySelectorAll("[id]")].map(element => element.id),
        })
        """;

    private static readonly string Site = Path.Combine(RepositoryRoot.Path, "artifacts", "site");

    private WebApplication? _server;

    private WebApplication Server => _server!;

    [OneTimeSetUp]
    public async Task BuildAndServeAsync()
    {
        if (!File.Exists(Path.Combine(RepositoryRoot.Path, "src", "LalalAi.Cli", "bin", "Debug", "net10.0", "LalalAi.dll")))
        {
            Assert.Ignore("The API reference is made of the Debug build, which does not exist.");
        }

        if (await RunAsync("tool", "restore") is { } missing)
        {
            Assert.Ignore($"docfx could not be installed: {missing}");
        }

        Delete("site");
        Delete("api");
        Assert.That(await RunAsync("docfx", Path.Combine(RepositoryRoot.Path, "docfx.json"), "--warningsAsErrors"), Is.Null);
        _server = await ServeAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await (_server?.DisposeAsync() ?? default);

    [Test]
    public async Task Search_finds_a_method_and_its_result_opens_a_page_about_it()
    {
        await using var context = await NewContextAsync(1600, ColorScheme.Light);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Server.Urls.Single());
        await page.GetByRole(AriaRole.Searchbox).FillAsync("WaitAsync");
        var result = page.Locator("#search-results").GetByRole(AriaRole.Link, new() { Name = "ILalalAiClient" }).First;
        var opened = await context.RunAndWaitForPageAsync(() => result.ClickAsync());

        await Expect(opened.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("ILalalAiClient");
        await Expect(opened.GetByRole(AriaRole.Heading, new() { Name = "WaitAsync" }).First).ToBeVisibleAsync();
    }

    [Test]
    public async Task Every_page_is_complete_and_readable_on_a_narrow_dark_screen()
    {
        var pages = Directory.GetFiles(Site, "*.html", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "toc.html")
            .Select(path => new Uri(new Uri(Server.Urls.Single()), Path.GetRelativePath(Site, path).Replace('\\', '/')))
            .ToList();
        var problems = new ConcurrentQueue<string>();
        var links = new ConcurrentDictionary<string, string>();
        var anchors = new ConcurrentDictionary<string, byte>();

        await Parallel.ForEachAsync(pages.Chunk((pages.Count / 2) + 1), async (chunk, _) =>
        {
            await using var context = await NewContextAsync(Width, ColorScheme.Dark);
            // Each page would build the index of the whole site.
            await context.RouteAsync("**/search-worker.min.js", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/javascript", Body = "" }));
            var page = await context.NewPageAsync();
            page.PageError += (_, error) => problems.Enqueue($"{page.Url}: {error}");
            page.Console += (_, message) => Report(message.Type is "error" or "warning", $"{page.Url}: {message.Text}");
            page.Response += (_, response) => Report(response.Status >= 400, $"{page.Url}: {response.Url} has the status {response.Status}");
            foreach (var address in chunk)
            {
                await page.GotoAsync(address.AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
                await page.WaitForFunctionAsync("window.docfx?.ready");
                var view = await page.EvaluateAsync<PageView>(Read);
                Report(view.Width > Width, $"{address}: it is {view.Width} pixels wide");
                foreach (var link in view.Links)
                {
                    links.TryAdd(link, address.AbsolutePath);
                }

                foreach (var anchor in view.Anchors)
                {
                    anchors.TryAdd($"{address.AbsolutePath}#{anchor}", 0);
                }

                // The pages of the API reference look alike.
                if (!address.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) || address.AbsolutePath.EndsWith("ILalalAiClient.html", StringComparison.Ordinal))
                {
                    var contrast = await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") });
                    foreach (var node in contrast.Violations.SelectMany(violation => violation.Nodes))
                    {
                        problems.Enqueue($"{address}: too little contrast: {node.Html}");
                    }
                }
            }
        });

        foreach (var (link, page) in links)
        {
            var target = new Uri(link);
            var file = Path.Combine(Site, Uri.UnescapeDataString(target.AbsolutePath).TrimStart('/'));
            Report(!File.Exists(file) && !File.Exists(Path.Combine(file, "index.html")), $"{page}: {link} does not exist");
            Report(target.Fragment.Length > 1 && !anchors.ContainsKey(target.AbsolutePath + Uri.UnescapeDataString(target.Fragment)), $"{page}: {link} has no such heading");
        }

        await TestContext.Out.WriteLineAsync($"{pages.Count} pages, {links.Count} links");
        Assert.That(string.Join('\n', problems), Is.Empty);
        Assert.That(pages, Has.Count.GreaterThan(100));

        void Report(bool isProblem, string problem)
        {
            if (isProblem)
            {
                problems.Enqueue(problem);
            }
        }
    }

    private static async Task<IBrowserContext> NewContextAsync(int width, ColorScheme colors)
    {
        var context = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)TestLimit.Time.TotalMilliseconds);
        return context;
    }

    /// <summary>Deletes the output of an earlier build, which may contain pages of deleted types.</summary>
    private static void Delete(string folder)
    {
        var path = Path.Combine(RepositoryRoot.Path, "artifacts", folder);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(Site), StaticFileOptions = { ServeUnknownFileTypes = true } });
        await server.StartAsync();
        return server;
    }

    /// <summary>Runs a command of <c>dotnet</c> in the repository. Returns what it wrote if it failed.</summary>
    private static async Task<string?> RunAsync(params string[] arguments)
    {
        using var process = TestProcess.Start("dotnet", arguments);
        return await process.ExitAsync() == 0 ? null : process.Output + process.Errors;
    }

    private sealed class PageView
    {
        public int Width { get; set; }

        public string[] Links { get; set; } = [];

        public string[] Anchors { get; set; } = [];
    }
}
