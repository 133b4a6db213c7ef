using System.Globalization;
using System.Text;
using LalalAi.Sandbox;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>
/// What the sandbox's web page costs: requests for each second of processor time with the page, while no page is open and while one is,
/// compared with a sandbox without it. A second sandbox without it shows how far two of the same kind differ.
/// </summary>
internal static class DashboardScenario
{
    private const int Rounds = 101;
    private const int RequestsPerRound = 600;
    private const int Connections = 4;
    private const int TasksPerCheck = 20;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using var without = await Subject.StartAsync(hasPage: false);
        await using var same = await Subject.StartAsync(hasPage: false);
        await using var unseen = await Subject.StartAsync(hasPage: true);
        await using var open = await Subject.StartAsync(hasPage: true);
        await open.LookAsync();
        Subject[] subjects = [without, same, unseen, open];
        foreach (var subject in subjects)
        {
            await subject.RunAsync();
        }

        // Each round in another order, so that none always pays for the garbage of the same other one.
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            random.Shuffle(subjects);
            foreach (var subject in subjects)
            {
                subject.Rates.Add(await subject.RunAsync());
            }
        }

        return
        [
            Compare("the page is not open", unseen, without, 0.98),
            Compare("the page is open", open, without, 0.75),
            Compare("no page either", same, without, 0.98),
        ];
    }

    private static Measurement Compare(string scenario, Subject subject, Subject reference, double target)
    {
        var ratio = Median(subject.Rates.Zip(reference.Rates, (rate, other) => rate / other));
        return new Measurement(
            $"requests to the sandbox, {scenario}",
            string.Create(CultureInfo.InvariantCulture, $"{Median(subject.Rates):0} for each second of CPU"),
            string.Create(CultureInfo.InvariantCulture, $"without the page: {Median(reference.Rates):0} for each second of CPU"),
            string.Create(CultureInfo.InvariantCulture, $"{ratio:0.000}"),
            string.Create(CultureInfo.InvariantCulture, $"at least {target}"),
            ratio >= target);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <summary>A sandbox with running tasks, and clients that check them.</summary>
    private sealed class Subject : IAsyncDisposable
    {
        private readonly SandboxServer _sandbox;
        private readonly HttpClient _http;
        private readonly byte[] _check;
        private readonly CancellationTokenSource _closed = new();
        private Task _looking = Task.CompletedTask;

        private Subject(SandboxServer sandbox, IEnumerable<Guid> tasks)
        {
            _sandbox = sandbox;
            _http = new HttpClient
            {
                BaseAddress = sandbox.BaseAddress,
                DefaultRequestHeaders = { { "X-License-Key", sandbox.LicenseKey } },
            };
            _check = Encoding.UTF8.GetBytes($$"""{"task_ids":[{{string.Join(',', tasks.Select(id => $"\"{id}\""))}}]}""");
        }

        public List<double> Rates { get; } = [];

        public static async Task<Subject> StartAsync(bool hasPage)
        {
            var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Dashboard = hasPage, ChecksPerMinute = null });
            var seeded = await sandbox.SeedAsync(
                new SandboxSeed { Sources = ["song.wav"], RunningTasks = TasksPerCheck, RunningTime = TimeSpan.FromHours(20) });
            return new Subject(sandbox, seeded.TaskIds);
        }

        /// <summary>Opens the events of the page, and reads them.</summary>
        public async Task LookAsync()
        {
            var events = await _http.GetStreamAsync(new Uri("/_sandbox/events", UriKind.Relative));
            _looking = events.CopyToAsync(Stream.Null, _closed.Token);
        }

        /// <returns>Requests for each second of processor time: what else the machine does has little effect on it.</returns>
        public async Task<double> RunAsync()
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
            {
                for (var request = 0; request < RequestsPerRound / Connections; request++)
                {
                    using var body = new ByteArrayContent(_check) { Headers = { ContentType = new("application/json") } };
                    using var response = await _http.PostAsync(new Uri("/api/v1/check/", UriKind.Relative), body);
                    response.EnsureSuccessStatusCode();
                }
            }));
            return RequestsPerRound / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }

        public async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _closed.Dispose();
            _http.Dispose();
            await _sandbox.DisposeAsync();
        }
    }
}
