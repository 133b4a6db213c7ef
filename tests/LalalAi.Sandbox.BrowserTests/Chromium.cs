using Microsoft.Playwright;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>The system's Chromium, started once for all tests.</summary>
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
        if (ExecutablePath is not { } path)
        {
            Assert.Ignore("Chromium was not found on the PATH. Install it to run these tests, such as by 'apt-get install chromium'.");
            return;
        }

        // No measure of speed: no machine is slow enough to reach it.
        Assertions.SetDefaultExpectTimeout((float)TestLimit.Time.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
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
