using System.Globalization;
using System.Threading.RateLimiting;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>
/// Random sequences of odd responses, exceptions and outages around tasks that succeed. Every wait returns its tracks as soon as the last
/// failure and its pause are over, unless the service itself rejected the key.
/// </summary>
public sealed class RandomOutageTests
{
    private const int Sequences = 2000;
    private const int FirstSeed = 20_261_126;

    private static readonly TimeSpan PollingInterval = TimeSpan.FromSeconds(2.1);

    private static readonly string[] NotFromTheService =
    [
        string.Empty, "<html><body>Blocked by policy</body></html>", "{", "[]", "null", "42",
        """{"error":"forbidden"}""", """{"result":[1]}""", """{"message":"down"}""",
    ];

    private static readonly Func<Exception>[] Exceptions =
    [
        () => new HttpRequestException("Connection refused"),
        () => new IOException("Reset by peer"),
        () => new TaskCanceledException("HttpClient.Timeout"),
        () => new OperationCanceledException("of a handler"),
        () => new ObjectDisposedException("handler"),
        () => new InvalidOperationException("handler"),
        () => new BrokenCircuitException(),
        () => new TimeoutException("The operation did not complete within the timeout."),
        () => new ArgumentException("handler"),
        () => new AggregateException(new IOException("one"), new IOException("other")),
    ];

    private static readonly JToken?[] OddEntries =
    [
        null,
        JValue.CreateNull(),
        new JValue("nonsense"),
        new JArray(1, 2),
        new JObject(),
        States.ServerError(),
        new JObject { ["status"] = "progress", ["progress"] = "37%" },
        new JObject { ["status"] = "progress", ["presets"] = 5 },
        new JObject { ["status"] = "success" },
        new JObject { ["status"] = "success", ["result"] = new JObject { ["tracks"] = 7 } },
        new JObject { ["status"] = 5 },
    ];

    [Test]
    public async Task WaitAsync_returns_its_tracks_after_any_sequence_of_failures()
    {
        await TestContext.Out.WriteLineAsync($"Seeds {FirstSeed} to {FirstSeed + Sequences - 1}.");
        var rejected = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Sequences; seed++)
        {
            rejected += await IsRejectedAsync(seed) ? 1 : 0;
        }

        await TestContext.Out.WriteLineAsync(
            $"{Sequences - rejected} times all waits returned their tracks; {rejected} times the service rejected the key.");
    }

    /// <summary>Runs one sequence, and returns whether the service rejected the key in it.</summary>
    private static async Task<bool> IsRejectedAsync(int seed)
    {
        var random = new Random(seed);
        var steps = Steps(random);
        var taskEnd = TimeSpan.FromSeconds(random.Next(20));
        var step = 0;
        var mayContinueAt = TimeSpan.Zero;
        var clock = default(PollingClock);
        using var limiter = new SequenceLimiter(
            () => step < steps.Count && steps[step].LimiterFailure is { } failure ? Fail(failure) : null);
        using var log = new TestLog(() =>
        {
            if (seed % 5 == 0)
            {
                throw new IOException("The disk is full.");
            }
        });
        await using var rig = new PollingRig(options => options.CheckRateLimiter = limiter, log);
        clock = rig.Clock;
        rig.Endpoint.State = (_, at) => at < taskEnd ? States.Progress((int)(99 * at / taskEnd)) : States.Success();
        rig.Endpoint.Answer = (_, call) =>
        {
            if (step >= steps.Count)
            {
                return null;
            }

            var current = steps[step++];
            mayContinueAt = call.At + (current.LongestPause > PollingInterval ? current.LongestPause : PollingInterval);
            return current.Answer?.Invoke(call.Ids);
        };

        var waits = Enumerable.Range(0, 3).Select(number => rig.Wait(number, seed % 2 == 0 ? new Observer<TaskState>() : null)).ToList();
        try
        {
            await rig.RunAsync(Task.WhenAll(waits));
        }
        catch (LalalAiAuthenticationException) when (steps[^1].IsRejection)
        {
            return true;
        }
        catch (Exception exception)
        {
            Assert.Fail($"Seed {seed}, step {step}: {exception}");
        }

        var end = mayContinueAt > taskEnd ? mayContinueAt : taskEnd;
        Assert.That(rig.Clock.Elapsed, Is.LessThanOrEqualTo(end + PollingInterval), $"Seed {seed}.");
        return false;

        Exception Fail(Exception failure)
        {
            step++;
            mayContinueAt = clock!.Elapsed + TimeSpan.FromSeconds(30);
            return failure;
        }
    }

    private static List<Step> Steps(Random random)
    {
        List<Step> steps = [];
        var odd = 0;
        for (var count = random.Next(1, 16); count > 0; count--)
        {
            // A lookup that failed four times in a row is believed.
            var next = Next(random);
            odd = next.IsOdd ? odd + 1 : next.Answer is null && next.LimiterFailure is null ? 0 : odd;
            if (odd > 3)
            {
                odd = 0;
                steps.Add(new Step());
            }

            steps.Add(next);
        }

        if (random.Next(20) == 0)
        {
            steps.Add(new Step { IsRejection = true, Answer = _ => CheckEndpoint.Error(random.Next(2) == 0 ? 401 : 403) });
        }

        return steps;
    }

    private static Step Next(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return new Step();
            case 1:
                var entries = Enumerable.Range(0, 3).Select(_ => OddEntries[random.Next(OddEntries.Length)]).ToList();
                return new Step
                {
                    IsOdd = true,
                    Answer = ids => Task.FromResult(CheckEndpoint.Json(new JObject
                    {
                        ["result"] = new JObject(ids.Zip(entries)
                            .Where(entry => entry.Second is not null)
                            .Select(entry => new JProperty(entry.First, entry.Second))),
                    })),
                };
            case 2:
                var exception = Exceptions[random.Next(Exceptions.Length)];
                return random.Next(3) == 0
                    ? new Step { LongestPause = TimeSpan.FromSeconds(30), LimiterFailure = exception() }
                    : new Step { LongestPause = TimeSpan.FromSeconds(30), Answer = _ => CheckEndpoint.Fault(exception()) };
            case 3:
                var body = NotFromTheService[random.Next(NotFromTheService.Length)];
                return Error(random, random.Next(3) == 0 ? 200 : random.Next(201, 600), body);
            default:
                // The service's own errors that may pass.
                var status = new[] { 408, 429, 500, 502, 503, 504 }[random.Next(6)];
                return Error(random, status, """{"detail":"Try again later"}""");
        }
    }

    private static Step Error(Random random, int status, string body)
    {
        string?[] delays = [null, null, "0", "7", "90", "86399", "1.5", "nonsense", "Thu, 26 Nov 2026 12:02:00 GMT"];
        var retryAfter = delays[random.Next(delays.Length)];
        var asked = retryAfter switch
        {
            null or "nonsense" => 0,
            _ when double.TryParse(retryAfter, CultureInfo.InvariantCulture, out var seconds) => Math.Min(seconds, 300),
            _ => 120,
        };
        return new Step
        {
            LongestPause = TimeSpan.FromSeconds(Math.Max(asked, status == 429 ? 60 : 30)),
            Answer = _ => CheckEndpoint.Error(status, body, retryAfter, "Thu, 26 Nov 2026 12:00:00 GMT"),
        };
    }

    /// <summary>What one request meets; by default a normal answer.</summary>
    private sealed record Step
    {
        public Func<IReadOnlyList<string>, Task<HttpResponseMessage>>? Answer { get; init; }

        public Exception? LimiterFailure { get; init; }

        public TimeSpan LongestPause { get; init; }

        public bool IsOdd { get; init; }

        public bool IsRejection { get; init; }
    }

    private sealed class BrokenCircuitException() : Exception("The circuit is now open and is not allowing calls.");

    private sealed class SequenceLimiter(Func<Exception?> fail) : RateLimiter
    {
        private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1 });

        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => _limiter.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            fail() is { } failure
                ? ValueTask.FromException<RateLimitLease>(failure)
                : _limiter.AcquireAsync(permitCount, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _limiter.Dispose();
            base.Dispose(disposing);
        }
    }
}
