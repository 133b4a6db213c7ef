using Microsoft.Playwright;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>The Chromium of the system or of Playwright, started once for all tests.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    public static IBrowser Browser => _browser!;

    private static string? ExecutablePath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        // No measure of speed: no machine is slow enough to reach it.
        Assertions.SetDefaultExpectTimeout((float)TestLimit.Time.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        var path = ExecutablePath ?? _playwright.Chromium.ExecutablePath;
        if (!File.Exists(path))
        {
            Assert.Ignore("Chromium was not found. Install it on the PATH, or run 'playwright.ps1 install chromium' in the folder of this assembly.");
        }

        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
