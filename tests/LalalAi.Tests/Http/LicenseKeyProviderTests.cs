using System.Collections.Concurrent;
using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;

namespace LalalAi.Tests.Http;

/// <summary>License keys that are replaced while the application runs.</summary>
public sealed class LicenseKeyProviderTests
{
    private const string Rejection = """{"detail":"Provide license key in 'X-License-Key' header"}""";

    [Test]
    public async Task Each_request_is_sent_with_the_current_key()
    {
        var keys = new ConcurrentQueue<string>(["first", "second"]);
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var client = ApiClients.For(server.Address, options =>
            (options.LicenseKey, options.LicenseKeyProvider) = ("", _ => ValueTask.FromResult(keys.TryDequeue(out var key) ? key : throw new AssertionException("One key too many."))));

        await client.GetMinutesLeftAsync();
        await client.GetMinutesLeftAsync();

        Assert.That(server.Requests.Select(request => request.Headers["X-License-Key"]), Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task Rejected_key_that_has_changed_is_replaced_in_the_same_request()
    {
        var key = "old";
        await using var server = ScriptedServer.Start(request =>
        {
            key = "new";
            return request.Headers["X-License-Key"] == "new" ? ApiReply.Started : new ScriptedResponse { Status = 403, Body = Rejection };
        });
        await using var client = ApiClients.For(server.Address, options => (options.LicenseKeyProvider, options.MaxRetries) = (_ => ValueTask.FromResult(key), 0));

        await client.StartAsync(new SourceId("5e0c0f0e-1111-4222-8333-444455556666"), new DemuserPresets());

        Assert.That(server.Requests.Select(request => request.Headers["X-License-Key"]), Is.EqualTo(new[] { "old", "new" }));
    }

    [Test]
    public async Task Rejected_key_that_has_not_changed_is_not_sent_again()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Status = 403, Body = Rejection });
        await using var client = ApiClients.For(server.Address, options => options.LicenseKeyProvider = _ => ValueTask.FromResult("old"));

        await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => client.GetMinutesLeftAsync());

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Wait_survives_a_key_that_is_replaced_between_two_checks()
    {
        const string id = "0b9a7c5e-1111-4222-8333-444455556666";
        var reads = 0;
        await using var server = ScriptedServer.Start(request => (request.Number, request.Headers["X-License-Key"]) switch
        {
            (1, "old") => ApiReply.Checked(id, States.Progress(10)),
            (_, "new") => ApiReply.Checked(id, States.Success()),
            _ => new ScriptedResponse { Status = 403, Body = Rejection },
        });
        await using var client = ApiClients.For(server.Address, options =>
        {
            options.PollingInterval = TimeSpan.Zero;
            // The second check is on its way with the old key when that is replaced.
            options.LicenseKeyProvider = _ => ValueTask.FromResult(++reads <= 2 ? "old" : "new");
        });

        await client.WaitAsync(new TaskId(id));

        Assert.That(server.Requests.Select(request => request.Headers["X-License-Key"]), Is.EqualTo(new[] { "old", "old", "new" }));
    }

    [Test]
    public async Task Provider_that_fails_sends_nothing_and_is_named()
    {
        var failure = new InvalidOperationException("The vault is sealed.");
        await using var server = ScriptedServer.Start(_ => ApiReply.Empty);
        await using var client = ApiClients.For(server.Address, options => options.LicenseKeyProvider = _ => throw failure);

        var exception = await Assert.ThrowsAsync<LalalAiException>(() => client.StartAsync(new SourceId("5e0c0f0e-1111-4222-8333-444455556666"), new DemuserPresets()));

        Assert.That((exception!.InnerException, server.Requests.Count), Is.EqualTo((failure, 0)));
        Assert.That(exception.Message, Does.Contain("LicenseKeyProvider").And.Contain("The vault is sealed."));
    }

    [TestCase("", "no license key")]
    [TestCase("secret\n", "line break")]
    public async Task Provided_key_that_is_not_valid_is_not_sent(string key, string says)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Empty);
        await using var client = ApiClients.For(server.Address, options => options.LicenseKeyProvider = _ => ValueTask.FromResult(key));

        var exception = await Assert.ThrowsAsync<LalalAiException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain(says).And.Not.Contain("secret"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Provided_key_of_the_real_service_is_not_sent_over_plain_http()
    {
        await using var client = ApiClients.For(new Uri("http://sandbox.example/"), options =>
            (options.AllowInsecureHttp, options.LicenseKeyProvider, options.PrimaryHandlerFactory) = (true, _ => ValueTask.FromResult("real"), () => new SocketsHttpHandler { UseProxy = false }));

        var exception = await Assert.ThrowsAsync<LalalAiException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain("sandbox-"));
    }
}
