using System.Globalization;
using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>
/// The service's check: it answers from a table of tasks, unless a test provides another response, and records the requests.
/// </summary>
internal sealed class CheckEndpoint(PollingClock clock) : HttpMessageHandler
{
    private readonly PollingClock _clock = clock;
    private readonly object _gate = new();
    private readonly List<CheckCall> _calls = [];
    private volatile bool _isHolding;

    /// <summary>The state of a task at a time since the start of the clock; by default queued for ever.</summary>
    public Func<string, TimeSpan, JToken?> State { get; set; } = (_, _) => States.Progress(0);

    /// <summary>
    /// Answers instead of the table: called with the number of the request, from 0; <see langword="null"/> leaves the request to the table.
    /// </summary>
    public Func<int, CheckCall, Task<HttpResponseMessage>?> Answer { get; set; } = (_, _) => null;

    public IReadOnlyList<CheckCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The times between requests, in seconds.</summary>
    public IReadOnlyList<double> Gaps => [.. Calls.Zip(Calls.Skip(1), (from, to) => (to.At - from.At).TotalSeconds)];

    /// <summary>Whether a request waits for the test.</summary>
    public bool IsHolding => _isHolding;

    public static HttpResponseMessage Json(JToken body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body.ToString(), Encoding.UTF8, "application/json") };

    public static Task<HttpResponseMessage> Error(
        int status, string body = """{"detail":"no"}""", string? retryAfter = null, string? date = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        if (date is not null)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        return Task.FromResult(response);
    }

    public static Task<HttpResponseMessage> Fault(Exception exception) => Task.FromException<HttpResponseMessage>(exception);

    /// <summary>Makes a response that the test gives later.</summary>
    public HeldAnswer Hold() => new(this);

    /// <summary>Forgets the requests so far.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _calls.Clear();
        }
    }

    /// <summary>The largest number of requests in any 60 seconds.</summary>
    public int MostInAMinute()
    {
        var times = Calls.Select(call => call.At).ToList();
        return times.Count == 0 ? 0 : times.Max(from => times.Count(at => at >= from && at < from + TimeSpan.FromSeconds(60)));
    }

    public HttpResponseMessage FromTable(params IEnumerable<string> ids) => Json(new JObject
    {
        ["result"] = new JObject(
            ids.Select(id => new JProperty(id, State(id, _clock.Elapsed))).Where(entry => entry.Value.Type != JTokenType.Null)),
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JObject.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var call = new CheckCall(_clock.Elapsed, [.. body["task_ids"]!.Values<string>().Select(id => id!)]);
        int number;
        lock (_gate)
        {
            number = _calls.Count;
            _calls.Add(call);
        }

        if (Answer(number, call) is not { } answer)
        {
            return FromTable(call.Ids);
        }

        if (answer.IsCompleted)
        {
            return await answer;
        }

        _isHolding = true;
        var isReleased = _clock.LoopIsHeld();
        // Ends with the first of them.
        await using var registration = cancellationToken.Register(Release);
        try
        {
            return await answer.WaitAsync(cancellationToken);
        }
        finally
        {
            Release();
        }

        void Release()
        {
            _isHolding = false;
            isReleased();
        }
    }

    /// <summary>A response that the test gives when it wants.</summary>
    internal sealed class HeldAnswer(CheckEndpoint endpoint)
    {
        private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<HttpResponseMessage> Task => _answer.Task;

        public void Give(HttpResponseMessage response)
        {
            endpoint._isHolding = false;
            endpoint._clock.LoopIsBusy();
            _answer.SetResult(response);
        }
    }
}

/// <summary>A request for the state of tasks.</summary>
internal sealed record CheckCall(TimeSpan At, IReadOnlyList<string> Ids)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.0} s: {Ids.Count} tasks");
}
