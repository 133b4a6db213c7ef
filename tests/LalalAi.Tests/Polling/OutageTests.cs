using System.Net;
using System.Threading.RateLimiting;
using LalalAi.Tests.Telemetry;

namespace LalalAi.Tests.Polling;

/// <summary>Waits while checks fail. Only a rejection by the service itself ends a wait.</summary>
public sealed class OutageTests
{
    private static readonly object[] Passing =
    [
        new object[] { "500", () => CheckEndpoint.Error(500) },
        new object[] { "502 with a page", () => CheckEndpoint.Error(502, "<html>Bad Gateway</html>") },
        new object[] { "503", () => CheckEndpoint.Error(503) },
        new object[] { "408", () => CheckEndpoint.Error(408) },
        new object[] { "429 without a body", () => CheckEndpoint.Error(429, string.Empty) },
        new object[] { "400 internal_error", () => CheckEndpoint.Error(400, """{"detail":"oops","code":"internal_error"}""") },
        new object[] { "403 with a page", () => CheckEndpoint.Error(403, "<html>Blocked</html>") },
        new object[] { "403 with other JSON", () => CheckEndpoint.Error(403, """{"error":"forbidden"}""") },
        new object[] { "401 without a body", () => CheckEndpoint.Error(401, string.Empty) },
        new object[] { "404 with a page", () => CheckEndpoint.Error(404, "<html>Not Found</html>") },
        new object[] { "302", () => CheckEndpoint.Error(302, string.Empty) },
        new object[] { "407", () => CheckEndpoint.Error(407, "Proxy authentication required") },
        new object[] { "418", () => CheckEndpoint.Error(418, "teapot") },
        new object[] { "a page instead of JSON", () => CheckEndpoint.Error(200, "<html>Maintenance</html>") },
        new object[] { "half of the JSON", () => CheckEndpoint.Error(200, """{"result":{"a":{"sta""") },
        new object[] { "nothing at all", () => CheckEndpoint.Error(200, string.Empty) },
        new object[] { "other JSON", () => CheckEndpoint.Error(200, """{"message":"Down for maintenance"}""") },
        new object[] { "an empty object", () => CheckEndpoint.Error(200, "{}") },
        new object[] { "no result", () => CheckEndpoint.Error(200, """{"result":null}""") },
        new object[] { "a list as result", () => CheckEndpoint.Error(200, """{"result":[1]}""") },
        new object[] { "204", () => CheckEndpoint.Error(204, string.Empty) },
        new object[] { "no connection", () => CheckEndpoint.Fault(new HttpRequestException("Connection refused")) },
        new object[] { "a broken connection", () => CheckEndpoint.Fault(new IOException("Reset by peer")) },
        new object[] { "a timeout of a handler", () => CheckEndpoint.Fault(new TaskCanceledException("HttpClient.Timeout")) },
        new object[] { "an open circuit breaker", () => CheckEndpoint.Fault(new BrokenCircuitException()) },
        new object[] { "a disposed handler", () => CheckEndpoint.Fault(new ObjectDisposedException("handler")) },
        new object[] { "an exception that is thrown at once", (Func<Task<HttpResponseMessage>>)ThrowAtOnce },
    ];

    [TestCaseSource(nameof(Passing))]
    public async Task WaitAsync_continues_after_a_failure_that_may_pass(string what, Func<Task<HttpResponseMessage>> failure)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number < 5 ? failure() : null;
        var waits = rig.Waits(3);

        foreach (var wait in waits)
        {
            await rig.RunAsync(wait);
        }

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(6), what);
        Assert.That(rig.Clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(150)));
    }

    [TestCase(401)]
    [TestCase(403)]
    public async Task WaitAsync_throws_when_the_service_rejects_the_key(int status)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number == 0 ? null : CheckEndpoint.Error(status);
        var waits = rig.Waits(3);

        await rig.AdvanceAsync(2.1);

        foreach (var wait in waits)
        {
            Assert.That((await PollingRig.FailsAsync<LalalAiAuthenticationException>(wait)).StatusCode, Is.EqualTo(status));
        }

        await rig.AdvanceAsync(60);
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2), "No waiters remain.");
    }

    [TestCase(200, 16 * 1024 * 1024)]
    [TestCase(403, 64 * 1024)]
    [TestCase(503, 64 * 1024)]
    public async Task WaitAsync_continues_after_the_limit_of_an_endless_response(int status, int limit)
    {
        await using var rig = new PollingRig();
        using var endless = new PatternStream(long.MaxValue);
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0
            ? Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(endless) })
            : null;

        await rig.RunAsync(rig.Wait());

        Assert.That(endless.Position, Is.InRange(limit, limit + (64 * 1024)), "bytes that were read");
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task WaitAsync_continues_while_the_limiter_throws()
    {
        using var limiter = new ThrowingLimiter(failures: 5);
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter);
        rig.Endpoint.State = (_, _) => States.Success();

        await rig.RunAsync(rig.Wait());

        Assert.That(limiter.Asked, Is.EqualTo(6));
        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task WaitAsync_continues_while_the_leases_of_the_limiter_throw()
    {
        using var limiter = new BrokenLeaseLimiter();
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter);
        rig.Endpoint.State = (_, at) => at < TimeSpan.FromMinutes(5) ? States.Progress(50) : States.Success();

        foreach (var wait in rig.Waits(3))
        {
            await rig.RunAsync(wait);
        }
    }

    [Test]
    public async Task CheckAsync_throws_what_the_limiter_throws_after_its_retries()
    {
        using var limiter = new ThrowingLimiter(failures: int.MaxValue);
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter);

        var check = rig.Check(0);
        await rig.AdvanceAsync(60);

        await PollingRig.FailsAsync<TimeoutException>(check);
        Assert.That(limiter.Asked, Is.AtLeast(5));
    }

    [Test]
    public async Task WaitAsync_continues_when_a_log_provider_throws()
    {
        using var log = new TestLog(() => throw new IOException("The disk is full."));
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number < 3 ? CheckEndpoint.Error(503, retryAfter: "86400") : null;
        var waits = rig.Waits(3);

        foreach (var wait in waits)
        {
            await rig.RunAsync(wait);
        }

        Assert.That(log.Lines, Is.Not.Empty);
    }

    [Test]
    public async Task Pauses_after_too_many_requests_double_from_five_seconds_to_a_minute()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429);
        _ = rig.Wait();

        await rig.AdvanceAsync(600);

        var gaps = rig.Endpoint.Gaps;
        Assert.That(gaps[0], Is.InRange(3.75, 6.26));
        Assert.That(gaps[1], Is.InRange(7.5, 12.51));
        Assert.That(gaps[2], Is.InRange(15, 25.01));
        Assert.That(gaps[3], Is.InRange(30, 50.01));
        Assert.That(gaps.Skip(4), Has.All.InRange(45, 60.01));
    }

    [Test]
    public async Task Pauses_are_jittered_so_that_clients_do_not_retry_together()
    {
        var firsts = new HashSet<double>();
        for (var client = 0; client < 8; client++)
        {
            await using var rig = new PollingRig();
            rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429);
            _ = rig.Wait();
            await rig.AdvanceAsync(8);
            firsts.Add(rig.Endpoint.Gaps[0]);
        }

        Assert.That(firsts, Has.Count.GreaterThan(3));
    }

    [TestCase("90", null, 90)]
    [TestCase("90.5", null, 90.5)]
    [TestCase("Thu, 26 Nov 2026 12:01:30 GMT", "Thu, 26 Nov 2026 12:00:00 GMT", 90)]
    [TestCase("Thursday, 26-Nov-26 12:01:30 GMT", "Thu, 26 Nov 2026 12:00:00 GMT", 90)]
    [TestCase("86399", null, 300)]
    [TestCase("99999999999999999999", null, 300)]
    [TestCase("Fri, 27 Nov 2026 12:00:00 GMT", "Thu, 26 Nov 2026 12:00:00 GMT", 300)]
    public async Task RetryAfter_is_honored_up_to_five_minutes(string retryAfter, string? date, double seconds)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(503, retryAfter: retryAfter, date: date) : null;

        await rig.RunAsync(rig.Wait());

        Assert.That(rig.Endpoint.Gaps.Single(), Is.EqualTo(seconds).Within(0.001));
    }

    [Test]
    public async Task RetryAfter_with_a_date_counts_from_the_clock_of_the_client_when_the_server_sends_none()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        var date = (rig.Clock.GetUtcNow() + TimeSpan.FromSeconds(70)).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        rig.Endpoint.Answer = (number, _) => number == 0 ? CheckEndpoint.Error(429, retryAfter: date) : null;

        await rig.RunAsync(rig.Wait());

        Assert.That(rig.Endpoint.Gaps.Single(), Is.EqualTo(70).Within(0.001));
    }

    [TestCase("-5")]
    [TestCase("soon")]
    [TestCase("Thu, 26 Nov 2026 11:00:00 GMT")]
    public async Task RetryAfter_that_cannot_be_read_or_has_passed_is_ignored(string retryAfter)
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) =>
            number == 0 ? CheckEndpoint.Error(503, retryAfter: retryAfter, date: "Thu, 26 Nov 2026 12:00:00 GMT") : null;

        await rig.RunAsync(rig.Wait());

        Assert.That(rig.Endpoint.Gaps.Single(), Is.EqualTo(2.1).Within(0.001));
    }

    [Test]
    public async Task A_pause_that_the_service_asked_for_outlives_the_waits()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(429, retryAfter: "30");
        using var cancellation = new CancellationTokenSource();
        var first = rig.Wait(cancellationToken: cancellation.Token);
        await rig.Clock.LoopIsIdleAsync();
        await cancellation.CancelAsync();
        await PollingRig.FailsAsync<OperationCanceledException>(first);
        await rig.Clock.LoopIsUnneededAsync();

        _ = rig.Wait(1);
        await rig.AdvanceAsync(29);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wait_after_an_outage_that_no_wait_survived_begins_with_a_check()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number < 6 ? CheckEndpoint.Error(503) : null;
        using var cancellation = new CancellationTokenSource();
        var wait = rig.Wait(0, cancellationToken: cancellation.Token);
        await rig.Clock.LoopIsIdleAsync();
        while (rig.Endpoint.Calls.Count < 6)
        {
            await rig.AdvanceAsync(rig.Clock.LoopDue!.Value - rig.Clock.Elapsed);
        }

        await cancellation.CancelAsync();
        await PollingRig.FailsAsync<OperationCanceledException>(wait);
        await rig.Clock.LoopIsUnneededAsync();
        _ = rig.Wait(1);
        await rig.AdvanceAsync(2.1);

        Assert.That(rig.Endpoint.Calls, Has.Count.EqualTo(7));
    }

    [Test]
    public async Task WaitAsync_survives_an_outage_of_an_hour_with_a_request_every_half_minute()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, _) =>
            rig.Clock.Elapsed <= TimeSpan.FromHours(1) ? CheckEndpoint.Fault(new HttpRequestException("down")) : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(3600);
        Assert.That(wait.IsCompleted, Is.False);
        Assert.That(rig.Endpoint.Gaps.Skip(8), Has.All.InRange(22, 30.01));
        await rig.AdvanceAsync(31);

        await PollingRig.Soon(wait);
    }

    [Test]
    public async Task The_pace_after_an_outage_is_that_before_it()
    {
        await using var rig = new PollingRig();
        rig.Endpoint.Answer = (number, _) => number is >= 1 and < 8 or 20 ? CheckEndpoint.Error(503) : null;
        _ = rig.Wait();

        await rig.AdvanceAsync(300);

        Assert.That(rig.Endpoint.Gaps.TakeLast(5), Has.All.EqualTo(2.1).Within(0.01));
        Assert.That(rig.Endpoint.Gaps[20], Is.EqualTo(2.1).Within(0.01), "A second outage begins with the shortest pause.");
    }

    [Test]
    public async Task A_request_that_hangs_is_aborted_after_the_request_timeout_and_retried()
    {
        await using var rig = new PollingRig(options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        rig.Endpoint.State = (_, _) => States.Success();
        var never = rig.Endpoint.Hold();
        rig.Endpoint.Answer = (number, _) => number == 0 ? never.Task : null;

        var wait = rig.Wait();
        await rig.AdvanceAsync(10);
        await rig.AdvanceAsync(2.1);

        await PollingRig.Soon(wait);
        Assert.That(rig.Endpoint.Calls[1].At.TotalSeconds, Is.InRange(10, 12.1));
    }

    [Test]
    public async Task A_request_that_always_fails_does_not_keep_other_tasks_from_their_turn()
    {
        await using var rig = new PollingRig();
        var poison = PollingRig.Id(0).Value;
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (_, call) => call.Ids.Contains(poison) ? CheckEndpoint.Error(500) : null;
        var seen = rig.WaitForEach(600);

        await rig.AdvanceAsync(600);

        for (var task = 0; task < 400; task++)
        {
            await seen.NextAsync();
        }
    }

    [Test]
    public async Task An_outage_is_logged_and_measured_once_with_its_start_and_end()
    {
        using var log = new TestLog();
        using var measurements = new Measurements();
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number switch
        {
            0 => CheckEndpoint.Error(503, retryAfter: "86399"),
            1 or 2 => CheckEndpoint.Error(403, "<html>Blocked</html>"),
            3 => CheckEndpoint.Fault(new InvalidOperationException("handler")),
            _ => null,
        };

        var wait = rig.Wait();
        await rig.Clock.LoopIsIdleAsync();
        Assert.That(measurements.SumOf("lalalai.client.checks.outages"), Is.EqualTo(1));
        await rig.RunAsync(wait);
        await rig.Clock.LoopIsUnneededAsync();

        Assert.That(measurements.SumOf("lalalai.client.checks.outages"), Is.Zero);
        Assert.That(log.Lines.Where(line => !line.StartsWith("Debug", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "Warning: Checks fail with LalalAiApiException (request (null)). They are retried with a growing delay, first in 00:05:00. "
                + "1 tasks wait.",
            "Warning: The service asked to retry after 23:59:59. The next check follows in 00:05:00.",
            "Warning: Checks are answered by something between the client and the service (HTTP 403). "
                + "Check the base address, proxies and gateways.",
            log.Lines[^2],
        }));
        Assert.That(log.Lines[^2], Does.StartWith("Information: Checks succeed again after 00:05:"));
        Assert.That(log.Lines, Has.None.Contains("secret-key").And.None.Contains("cdn.example"));
    }

    private static Task<HttpResponseMessage> ThrowAtOnce() => throw new InvalidTimeZoneException("A handler of the application.");

    private sealed class BrokenCircuitException() : Exception("The circuit is now open and is not allowing calls.");

    private sealed class ThrowingLimiter(int failures) : RateLimiter
    {
        private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1 });

        public int Asked { get; private set; }

        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => throw new NotImplementedException();

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            Asked++ < failures ? throw new TimeoutException("The store is away.") : _limiter.AcquireAsync(permitCount, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _limiter.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class BrokenLeaseLimiter : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => new BrokenLease();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            new(new BrokenLease());
    }

    private sealed class BrokenLease : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new IOException("The store is away.");
        }
    }
}
