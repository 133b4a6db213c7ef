using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Control;

internal sealed class ControlTests : SandboxFixture
{
    protected override SandboxOptions CreateOptions() =>
        base.CreateOptions() with { LicenseKeys = ["sandbox-license-key", "sandbox-other", "0123456789abcdef"] };

    [Test]
    public async Task The_pages_are_listed_and_each_that_can_be_read_answers()
    {
        var pages = (await GetAsync(""))["pages"]!.Select(page => (string)page!).ToArray();

        Assert.That(pages, Has.Length.EqualTo(11).And.Contain("POST /_sandbox/reset"));
        foreach (var page in pages.Where(page => page.StartsWith("GET ", StringComparison.Ordinal)))
        {
            Assert.That(await GetAsync(page["GET /_sandbox/".Length..]), Is.Not.Empty, page);
        }
    }

    [Test]
    public async Task Health_gives_what_a_client_needs()
    {
        var health = await GetAsync("health");

        Assert.That(((string?)health["status"], (string?)health["license_key"]), Is.EqualTo(("ok", Server.LicenseKey)));
    }

    [Test]
    public async Task The_clock_can_be_moved_ahead_and_everything_follows()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        var now = (DateTimeOffset)(await PostAsync("clock", new JObject { ["advance"] = "2m" }))["now"]!;

        Assert.That(now, Is.EqualTo(Clock.GetUtcNow() + TimeSpan.FromMinutes(2)));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("success"));
        Server.Advance(TimeSpan.FromDays(1));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("server_error"));
    }

    [Test]
    public void Clock_cannot_be_set_back() =>
        Assert.That(() => Server.Advance(TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task Faults_can_be_added_looked_at_and_cleared()
    {
        var added = await PostAsync("faults", new JObject { ["faults"] = "status=503;on=check, reset" });
        Assert.That(added["faults"]!.Select(fault => (string?)fault["text"]), Is.EqualTo(new[] { "status=503;on=check", "reset" }));
        Assert.That((await Client.PostAsync("check/", new JObject())).Code, Is.EqualTo(503));
        Assert.That((int)(await GetAsync("faults"))["faults"]![0]!["applied"]!, Is.EqualTo(1));

        using var response = await Http.DeleteAsync("/_sandbox/faults");
        Assert.That(Server.Faults.Entries, Is.Empty);
    }

    [Test]
    public async Task Report_is_available_over_HTTP()
    {
        await Client.UploadSecondsAsync(1);
        var report = await GetAsync($"report?license_key={Server.LicenseKey}");

        Assert.That(((int)report["uploads"]!, (string?)report["sources_never_deleted"]![0]), Is.EqualTo((1, "song.mp3")));
        Assert.That((int)(await GetAsync("report?license_key=other"))["uploads"]!, Is.Zero);
    }

    [Test]
    public async Task A_seed_makes_sources_and_sets_the_minutes()
    {
        var seeded = await PostAsync("seed", new JObject { ["minutes_left"] = 2.5, ["sources"] = new JArray("a.wav", "b.wav"), ["duration"] = "00:01:00" });
        await Client.SplitIdAsync((string)seeded["sources"]!["a.wav"]!);

        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(1.5));
        Assert.That((await Client.SplitAsync((string)seeded["sources"]!["b.wav"]!)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task A_seed_in_code_is_for_the_license_that_it_names()
    {
        var seeded = await Server.SeedAsync(new SandboxSeed { LicenseKey = "sandbox-other", Sources = ["a.wav"] });
        using var other = new ApiClient(Server, "sandbox-other");

        Assert.That((await Client.SplitAsync($"{seeded.Sources["a.wav"]}")).Code, Is.EqualTo(400));
        Assert.That((await other.SplitAsync($"{seeded.Sources["a.wav"]}")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task SeedAsync_makes_running_tasks_that_end_one_after_another_and_cost_nothing()
    {
        var seed = new SandboxSeed { Sources = ["a.wav", "b.wav"], RunningTasks = 2, RunningTime = TimeSpan.FromMinutes(4) };
        var seeded = await Server.SeedAsync(seed);
        Clock.Advance(TimeSpan.FromSeconds(150));
        var states = new List<string?>();
        foreach (var id in seeded.TaskIds)
        {
            states.Add((string?)(await Client.CheckAsync($"{id}"))["status"]);
        }

        Assert.That(states, Is.EqualTo(new[] { "success", "success", "progress", "progress" }));
        Assert.That((await Client.GetMinutesLeftAsync(), Server.GetReport().Starts), Is.EqualTo((600, 0)));
    }

    [Test]
    public async Task Running_tasks_can_be_seeded_over_HTTP()
    {
        var seeded = await PostAsync("seed", new JObject { ["sources"] = new JArray("a.wav"), ["running_tasks"] = 300, ["running_time"] = "00:10:00" });

        Assert.That(seeded["task_ids"], Has.Exactly(300).Items);
        Assert.That((int)(await Client.CheckAsync((string)seeded["task_ids"]![299]!))["progress"]!, Is.EqualTo(1));
    }

    [TestCase(-1, 60)]
    [TestCase(100_001, 60)]
    [TestCase(1, -1)]
    public void SeedAsync_rejects_running_tasks_out_of_range(int tasks, double seconds)
    {
        var seed = new SandboxSeed { Sources = ["a.wav"], RunningTasks = tasks, RunningTime = TimeSpan.FromSeconds(seconds) };

        Assert.That(async () => await Server.SeedAsync(seed), Throws.ArgumentException);
    }

    [Test]
    public async Task Reset_deletes_everything()
    {
        Server.Faults.Add("reset;on=upload");
        var seeded = await Server.SeedAsync(new SandboxSeed { Sources = ["a.wav"], MinutesLeft = 1 });
        var task = await Client.SplitIdAsync($"{seeded.Sources["a.wav"]}");
        await PostAsync("reset", []);

        Assert.That(Server.Requests, Is.Empty);
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("server_error"));
        Assert.That((await Client.SplitAsync($"{seeded.Sources["a.wav"]}")).Code, Is.EqualTo(400));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(600));
        Assert.That(Server.Faults.Entries, Is.Empty);
        Assert.That(Server.GetReport().Uploads, Is.Zero);
    }

    [Test]
    public async Task Requests_are_recorded_in_order_and_a_foreign_key_is_not_shown()
    {
        await Client.GetMinutesLeftAsync();
        using var foreign = new ApiClient(Server, "0123456789abcdef");
        var answer = await foreign.PostAsync("check/", new JObject());
        await Client.PostAsync("nowhere/");

        Assert.That(Server.Requests.Select(request => (request.Operation, request.Path, request.LicenseKey, request.Status)), Is.EqualTo(new (string?, string, string?, int?)[]
        {
            ("limits.minutes_left", "/api/v1/limits/minutes_left/", "sandbox-license-key", 200),
            ("check", "/api/v1/check/", "0123…", 422),
            (null, "/api/v1/nowhere/", "sandbox-license-key", 404),
        }));
        Assert.That(Server.Requests[1].RequestId, Is.EqualTo(answer.RequestId));
        Assert.That((string?)(await GetAsync("requests"))["requests"]![1]!["license_key"], Is.EqualTo("0123…"));
    }

    [TestCase("POST", "clock", "{}", 400, "Give the time")]
    [TestCase("POST", "clock", """{ "advance": "soon" }""", 400, "Give the time")]
    [TestCase("POST", "clock", """{ "advance": "99999999999h" }""", 400, "Give the time")]
    [TestCase("POST", "faults", "{}", 400, "Give the faults")]
    [TestCase("POST", "faults", """{ "faults": "delay=99999999999h" }""", 400, "'delay' takes a duration")]
    [TestCase("POST", "faults", """{ "faults": "explode" }""", 400, "there is no fault 'explode'")]
    [TestCase("POST", "seed", """{ "minutes": 5 }""", 400, "minutes")]
    [TestCase("POST", "seed", """{ "minutes_left": -5 }""", 400, "0 or more")]
    [TestCase("POST", "seed", """{ "sources": ["a", "a"] }""", 400, "a name of its own")]
    [TestCase("POST", "seed", """{ "sources": ["a"], "duration": "02:00:00" }""", 400, "duration")]
    [TestCase("POST", "seed", """{ "sources": ["a", "b"], "duration": "10675199.00:00:00" }""", 400, "may last 4 hours")]
    [TestCase("POST", "seed", """{ "sources": ["a"], "duration": "99999999.00:00:00" }""", 400, "duration")]
    [TestCase("POST", "seed", """{ "sources": null }""", 400, "a name of its own")]
    [TestCase("POST", "seed", """{ "minutes_left": 1e400 }""", 400, "finite")]
    [TestCase("POST", "seed", """{ "sources": ["a"], "running_time": "366.00:00:00" }""", 400, "365 days")]
    [TestCase("POST", "seed", """{ "sources": ["a"], "running_tasks": 99999999999 }""", 400, "running_tasks")]
    [TestCase("POST", "seed", "{", 400, "JSON")]
    [TestCase("POST", "seed", "[]", 400, "JSON")]
    [TestCase("GET", "reset", "", 405, "Method Not Allowed")]
    [TestCase("GET", "nothing", "", 404, "GET /_sandbox/ lists them")]
    public async Task Invalid_control_request_is_answered_with_advice(string method, string page, string body, int status, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_sandbox/" + page) { Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8) };
        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That((string?)JObject.Parse(await response.Content.ReadAsStringAsync())["detail"], Does.Contain(detail));
    }

    [Test]
    public async Task Failed_control_request_returns_its_reason()
    {
        var clock = new BreakableClock();
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = clock });
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        clock.IsBroken = true;
        using var response = await http.GetAsync("/_sandbox/clock");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(
            (string?)JObject.Parse(await response.Content.ReadAsStringAsync())["detail"],
            Is.EqualTo("The sandbox failed with InvalidOperationException: The clock is broken."));
    }

    private async Task<JObject> GetAsync(string page)
    {
        using var response = await Http.GetAsync("/_sandbox/" + page);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), page);
        return JObject.Parse(await response.Content.ReadAsStringAsync());
    }

    private async Task<JObject> PostAsync(string page, JObject body)
    {
        using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync("/_sandbox/" + page, content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return JObject.Parse(await response.Content.ReadAsStringAsync());
    }

    private sealed class BreakableClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() =>
            IsBroken ? throw new InvalidOperationException("The clock is broken.") : base.GetUtcNow();
    }
}
