using System.Globalization;
using System.Net;
using System.Text;
using LalalAi.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Tasks;

/// <summary>
/// Random failures around starts: after any exception at any point, the service has never started a task that the caller knows neither by its ID nor by its idempotency key.
/// </summary>
public sealed class StartPropertyTests
{
    private const int Runs = 2000;
    private const int Seed = 20261126;

    private static readonly Func<Exception>[] Failures =
    [
        () => new InvalidOperationException("A handler is broken."),
        () => new TaskCanceledException("A handler has a limit of its own."),
        () => new OperationCanceledException("A handler gave up."),
        () => new TimeoutException("A handler timed out."),
        () => new TimeoutRejectedException(),
        () => new ObjectDisposedException("handler"),
        () => new HttpRequestException("The connection broke."),
        () => new IOException("The connection broke."),
        () => new NotSupportedException(),
        () => new FormatException("A header is malformed."),
        () => new Newtonsoft.Json.JsonReaderException("A handler reads the body."),
    ];

    [Test]
    public async Task StartAsync_and_StartBatchAsync_never_lose_a_paid_start()
    {
        await TestContext.Out.WriteLineAsync($"Seed {Seed}");
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { MinutesPerLicense = 1_000_000 });
        var seeded = await sandbox.SeedAsync(new SandboxSeed { LicenseKey = sandbox.LicenseKey, Sources = ["song.wav"], Duration = TimeSpan.FromSeconds(1) });
        var source = new SourceId(seeded.Sources["song.wav"].ToString());
        var outcomes = new Dictionary<string, int>();
        var starts = 0;
        for (var run = 0; run < Runs; run++)
        {
            var random = new Random(Seed + run);
            var paid = new PaidStarts();
            var known = await RunAsync(sandbox, source, random, paid, outcomes).SoonAsync();

            var lost = paid.All.Where(start => !known.Tasks.Contains(start.TaskId) && !known.Keys.Contains(start.Key)).ToList();
            Assert.That(lost, Is.Empty, $"Run {run}: the service started tasks that the caller cannot name. {known.Ending}");
            starts += paid.All.Select(start => start.TaskId).Distinct().Count();
        }

        foreach (var (outcome, count) in outcomes.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            await TestContext.Out.WriteLineAsync($"{count,5} {outcome}");
        }

        Assert.That((sandbox.GetReport().Starts, sandbox.GetReport().StartsWithoutIdempotencyKey), Is.EqualTo((starts, 0)));
    }

    private static async Task<Known> RunAsync(SandboxServer sandbox, SourceId source, Random random, PaidStarts paid, Dictionary<string, int> outcomes)
    {
        using var cancellation = new CancellationTokenSource();
        var services = new ServiceCollection();
        ILalalAiClient? client = null;
        var chaos = new Chaos(random, cancellation, () => client!.Dispose());
        var builder = services.AddLalalAi(options =>
        {
            options.BaseAddress = sandbox.BaseAddress;
            options.LicenseKey = sandbox.LicenseKey;
            options.MaxRetries = random.Next(3);
            options.RetryDelay = TimeSpan.Zero;
        });
        builder.Api.AddHttpMessageHandler(() => chaos);
        builder.Api.AddHttpMessageHandler(() => new Recorder(paid));
        await using var provider = services.BuildServiceProvider();
        client = provider.GetRequiredService<ILalalAiClient>();
        var known = new Known();
        try
        {
            if (random.Next(2) == 0)
            {
                known.Add(await client.StartAsync(source, Presets(random), cancellationToken: cancellation.Token));
            }
            else
            {
                known.Add(await client.StartBatchAsync([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new StartRequest(source, Presets(random)))], cancellationToken: cancellation.Token));
            }

            known.Ending = "returned";
        }
        catch (LalalAiAmbiguousStartException exception)
        {
            known.Add(exception.IdempotencyKey, exception);
        }
        catch (LalalAiStartCanceledException exception)
        {
            known.Add(exception.IdempotencyKey, exception);
        }
        catch (LalalAiBatchCanceledException exception)
        {
            known.Add(exception.Results);
            known.Ending = exception.GetType().Name;
        }
        catch (Exception exception)
        {
            known.Ending = exception.GetType().Name;
        }

        outcomes[known.Ending] = outcomes.GetValueOrDefault(known.Ending) + 1;
        return known;
    }

    private static TaskPresets Presets(Random random) => random.Next(3) switch
    {
        0 => new DemuserPresets(),
        1 => new StemSeparatorPresets { Stem = Stem.Vocals },
        _ => new MultistemPresets { StemList = [Stem.Drum, Stem.Bass] },
    };

    /// <summary>What the caller can name after the call.</summary>
    private sealed class Known
    {
        public HashSet<string> Tasks { get; } = [];

        public HashSet<string> Keys { get; } = [];

        public string Ending { get; set; } = string.Empty;

        public void Add(TaskId taskId) => Tasks.Add(taskId.Value);

        public void Add(Guid key, Exception exception)
        {
            Keys.Add(key.ToString());
            Ending = exception.GetType().Name;
        }

        public void Add(IEnumerable<StartResult> results)
        {
            foreach (var result in results)
            {
                switch (result)
                {
                    case StartSucceeded succeeded:
                        Tasks.Add(succeeded.TaskId.Value);
                        break;
                    case StartAmbiguous ambiguous:
                        Keys.Add(ambiguous.IdempotencyKey.ToString());
                        break;
                }
            }
        }
    }

    /// <summary>The starts that the service carried out, seen next to the network.</summary>
    private sealed class PaidStarts
    {
        public List<(string Key, string TaskId)> All { get; } = [];
    }

    private sealed class Recorder(PaidStarts paid) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = JObject.Parse(await request.Content!.ReadAsStringAsync(CancellationToken.None));
            // Executed even if the caller cancels meanwhile.
            var response = await base.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var answer = JObject.Parse(body);
                var keys = sent["items"] is JArray items ? items.Select(item => (string)item["idempotency_key"]!) : [(string)sent["idempotency_key"]!];
                var tasks = answer["results"] is JArray results ? results.Select(result => (string?)result["task_id"]) : [(string?)answer["task_id"]];
                paid.All.AddRange(keys.Zip(tasks).Where(start => start.Second is not null).Select(start => (start.First, start.Second!)));
            }

            return response;
        }
    }

    /// <summary>Does something bad before or after the request, in one attempt of two.</summary>
    private sealed class Chaos(Random random, CancellationTokenSource cancellation, Action disposeClient) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var moment = random.Next(4);
            if (moment == 0)
            {
                Fail(cancellationToken);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (moment != 1)
            {
                return response;
            }

            if (random.Next(2) == 0)
            {
                Fail(cancellationToken);
            }

            response.Dispose();
            return Replacement();
        }

        private void Fail(CancellationToken cancellationToken)
        {
            switch (random.Next(6))
            {
                case 0:
                    cancellation.Cancel();
                    cancellationToken.ThrowIfCancellationRequested();
                    break;
                case 1:
                    disposeClient();
                    // The client may notice by itself.
                    ObjectDisposedException.ThrowIf(random.Next(2) == 0, this);
                    break;
                default:
                    throw Failures[random.Next(Failures.Length)]();
            }
        }

        private HttpResponseMessage Replacement() => random.Next(7) switch
        {
            0 => Response(200, "<html>Sign in</html>"),
            1 => Response(200, "{}"),
            2 => Response(403, "<html>Blocked</html>"),
            3 => Response(404, "Not found"),
            4 => Response(503, """{"detail":"later"}"""),
            5 => Response(302, string.Empty),
            _ => Response(408, string.Empty),
        };

        private static HttpResponseMessage Response(int status, string body) =>
            new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') ? "application/json" : "text/html") };
    }

    /// <summary>An exception like those of resilience handlers, which derive from no type of .NET's own.</summary>
    private sealed class TimeoutRejectedException() : Exception(string.Create(CultureInfo.InvariantCulture, $"The operation did not complete within {TimeSpan.FromSeconds(10)}."));
}
