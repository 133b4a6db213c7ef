using System.Globalization;

namespace LalalAi.Tests.Http;

/// <summary>Invalid settings are rejected with their name and valid values.</summary>
[NonParallelizable]
public sealed class ClientOptionsTests
{
    private static readonly (string Name, string[] Says, Action<LalalAiClientOptions> Spoil)[] Wrong =
    [
        ("no key", ["LicenseKey", "LALALAI_LICENSE_KEY"], options => options.LicenseKey = ""),
        ("a key that is null", ["LicenseKey", "LALALAI_LICENSE_KEY"], options => options.LicenseKey = null!),
        ("a key with a line break", ["LicenseKey", "line break"], options => options.LicenseKey = "secret\n"),
        ("a key with a blank", ["LicenseKey", "space"], options => options.LicenseKey = "secret secret"),
        ("a key with an umlaut", ["LicenseKey", "copied completely"], options => options.LicenseKey = "secrét"),
        ("no address", ["BaseAddress", "https://www.lalal.ai/"], options => options.BaseAddress = null!),
        ("a relative address", ["BaseAddress", "https://www.lalal.ai/"], options => options.BaseAddress = new Uri("/api", UriKind.Relative)),
        ("an address of another scheme", ["BaseAddress", "https://www.lalal.ai/"], options => options.BaseAddress = new Uri("ftp://www.lalal.ai/")),
        ("plain http", ["BaseAddress", "Write https", "loopback"], options => options.BaseAddress = new Uri("http://www.lalal.ai/")),
        ("plain http to a name like loopback", ["BaseAddress", "Write https"], options => options.BaseAddress = new Uri("http://localhost.example.com/")),
        ("plain http to the local network", ["BaseAddress", "Write https"], options => options.BaseAddress = new Uri("http://192.168.0.2/")),
        ("an address with a query", ["BaseAddress", "query"], options => options.BaseAddress = new Uri("https://example.com/?a=b")),
        ("an address with a user", ["BaseAddress", "user name"], options => options.BaseAddress = new Uri("https://me:word@example.com/")),
        ("a sandbox key for the service", ["LicenseKey", "BaseAddress", "sandbox's address"], options => (options.LicenseKey, options.BaseAddress) = ("sandbox-secret", LalalAiClientOptions.DefaultBaseAddress)),
        ("a sandbox key for another host of the service", ["LicenseKey", "BaseAddress"], options => (options.LicenseKey, options.BaseAddress) = ("SANDBOX-secret", new Uri("https://api.LALAL.ai/"))),
        ("no time for requests", ["RequestTimeout", "more than zero"], options => options.RequestTimeout = TimeSpan.Zero),
        ("negative time for requests", ["RequestTimeout", "infinite"], options => options.RequestTimeout = TimeSpan.FromSeconds(-2)),
        ("no pause", ["InactivityTimeout", "more than zero"], options => options.InactivityTimeout = TimeSpan.Zero),
        ("no time for the response", ["UploadResponseTimeout", "more than zero"], options => options.UploadResponseTimeout = TimeSpan.FromSeconds(-1)),
        ("a negative wait", ["RetryDelay", "zero or more"], options => options.RetryDelay = TimeSpan.FromSeconds(-1)),
        ("a negative interval", ["PollingInterval", "zero or more"], options => options.PollingInterval = TimeSpan.FromTicks(-1)),
        ("an application with a space", ["ApplicationId", "karaoke-web/1.4"], options => options.ApplicationId = "karaoke web"),
        ("an application with a line break", ["ApplicationId"], options => options.ApplicationId = "karaoke\r\nX-Header: 1"),
        ("an application that is empty", ["ApplicationId"], options => options.ApplicationId = ""),
        ("plain http with a key of the service", ["AllowInsecureHttp", "sandbox-"], options => (options.BaseAddress, options.AllowInsecureHttp) = (new Uri("http://sandbox:7070/"), true)),
        ("plain http with a sandbox key", ["AllowInsecureHttp", "Write https"], options => (options.BaseAddress, options.LicenseKey) = (new Uri("http://sandbox:7070/"), "sandbox-secret")),
        ("negative retries", ["MaxRetries", "0 to 100"], options => options.MaxRetries = -1),
        ("endless retries", ["MaxRetries", "0 to 100"], options => options.MaxRetries = int.MaxValue),
        ("no downloads", ["MaxConcurrentDownloads", "1 or more"], options => options.MaxConcurrentDownloads = 0),
        ("no clock", ["TimeProvider", "TimeProvider.System"], options => options.TimeProvider = null!),
    ];

    [Test]
    public void Invalid_setting_is_rejected_with_its_name_and_advice([ValueSource(nameof(WrongNames))] string name)
    {
        var (_, says, spoil) = Wrong.Single(row => row.Name == name);
        var options = new LalalAiClientOptions { LicenseKey = "secret", BaseAddress = new Uri("https://example.com/") };
        spoil(options);

        var exception = Assert.Throws<ArgumentException>(() => new LalalAiClient(options));

        foreach (var part in says)
        {
            Assert.That(exception!.Message, Does.Contain(part));
        }

        Assert.That(exception!.Message, Does.Not.Contain("secr").And.Not.Contain("word"), "Nothing of the key is shown.");
    }

    [Test]
    public void Options_exception_names_all_invalid_settings()
    {
        var exception = Assert.Throws<ArgumentException>(() => new LalalAiClient(new LalalAiClientOptions { MaxRetries = -1, MaxConcurrentDownloads = 0 }));

        Assert.That(exception!.Message, Does.Contain("LicenseKey").And.Contain("MaxRetries").And.Contain("MaxConcurrentDownloads"));
    }

    [Test]
    public void Settings_at_their_limits_are_accepted()
    {
        foreach (var options in new LalalAiClientOptions[]
        {
            new() { MaxRetries = 100, RetryDelay = TimeSpan.Zero, PollingInterval = TimeSpan.Zero, MaxConcurrentDownloads = 64 },
            new() { MaxRetries = 1, RetryDelay = TimeSpan.FromDays(100), RequestTimeout = TimeSpan.FromDays(100), InactivityTimeout = TimeSpan.MaxValue, UploadResponseTimeout = TimeSpan.FromDays(50) },
            new() { PollingInterval = TimeSpan.FromDays(100), RequestTimeout = Timeout.InfiniteTimeSpan, InactivityTimeout = Timeout.InfiniteTimeSpan, UploadResponseTimeout = Timeout.InfiniteTimeSpan },
            new() { MaxRetries = 0, RequestTimeout = TimeSpan.FromMilliseconds(1) },
            new() { BaseAddress = new Uri("http://localhost:5000") },
            new() { BaseAddress = new Uri("http://[::1]:5000/sub") },
        })
        {
            options.LicenseKey = "secret";
            Assert.That(() => new LalalAiClient(options).Dispose(), Throws.Nothing);
        }
    }

    [Test]
    public void Sandbox_key_is_accepted_for_a_sandbox()
    {
        Assert.That(() => new LalalAiClient(new LalalAiClientOptions { LicenseKey = "sandbox-any", BaseAddress = new Uri("http://127.0.0.1:5000/") }).Dispose(), Throws.Nothing);
        Assert.That(() => new LalalAiClient("sandbox-any"), Throws.ArgumentException);
    }

    [Test]
    public void Plain_http_is_allowed_for_a_sandbox_key_if_it_is_enabled()
    {
        var options = new LalalAiClientOptions { LicenseKey = "sandbox-secret", BaseAddress = new Uri("http://sandbox:7070/"), AllowInsecureHttp = true };

        Assert.That(() => new LalalAiClient(options).Dispose(), Throws.Nothing);
    }

    [Test]
    public void The_key_and_the_address_come_from_the_environment()
    {
        WithEnvironment("from-environment", "http://127.0.0.1:5000/", () =>
        {
            var options = LalalAiClientOptions.FromEnvironment();

            Assert.That(options.LicenseKey, Is.EqualTo("from-environment"));
            Assert.That(options.BaseAddress, Is.EqualTo(new Uri("http://127.0.0.1:5000/")));
        });
    }

    [Test]
    public void Address_from_the_environment_ends_with_a_slash_like_that_of_the_client()
    {
        WithEnvironment("from-environment", "https://proxy.example/lalal", () =>
        {
            var options = LalalAiClientOptions.FromEnvironment();
            using var client = new LalalAiClient(options);

            Assert.That((options.BaseAddress, client.BaseAddress), Is.EqualTo((new Uri("https://proxy.example/lalal/"), options.BaseAddress)));
        });
    }

    [Test]
    public void Environment_without_an_address_selects_the_service([Values(null, "")] string? address)
    {
        WithEnvironment("from-environment", address, () => Assert.That(LalalAiClientOptions.FromEnvironment().BaseAddress, Is.EqualTo(LalalAiClientOptions.DefaultBaseAddress)));
    }

    [Test]
    public void Environment_without_a_key_fails_with_where_to_set_it()
    {
        WithEnvironment(null, null, () => Assert.That(() => new LalalAiClient(LalalAiClientOptions.FromEnvironment()), Throws.ArgumentException.With.Message.Contains("LALALAI_LICENSE_KEY")));
    }

    [Test]
    public void Invalid_address_in_the_environment_is_named()
    {
        WithEnvironment("from-environment", "www.lalal.ai", () => Assert.That(
            LalalAiClientOptions.FromEnvironment, Throws.ArgumentException.With.Message.Contains("LALALAI_BASE_URL").And.Message.Contains("https://www.lalal.ai/")));
    }

    [Test]
    public void A_number_in_a_message_is_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.That(
                () => new LalalAiClient(new LalalAiClientOptions { LicenseKey = "secret", RetryDelay = TimeSpan.FromSeconds(-1.5) }), Throws.ArgumentException.With.Message.Contains("-00:00:01.5000000"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static IEnumerable<string> WrongNames() => Wrong.Select(row => row.Name);

    private static void WithEnvironment(string? key, string? address, Action action)
    {
        var before = (Environment.GetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable), Environment.GetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable));
        Set(key, address);
        try
        {
            action();
        }
        finally
        {
            Set(before.Item1, before.Item2);
        }

        static void Set(string? key, string? address)
        {
            Environment.SetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable, key);
            Environment.SetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable, address);
        }
    }
}
