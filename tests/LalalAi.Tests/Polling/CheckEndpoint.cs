using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>What the service's check is to the library: it answers from a table of tasks, unless a test says otherwise, and remembers what it was asked.</summary>
internal sealed class CheckEndpoint(TestClock clock) : HttpMessageHandler
{
    private readonly object _gate = new();
    private readonly List<CheckCall> _calls = [];
    private readonly List<(Task Answer, CancellationToken Request)> _held = [];

    /// <summary>What a task is at a time since the start of the clock; by default in progress for ever.</summary>
    public Func<string, TimeSpan, JToken?> State { get; set; } = (_, _) => States.Progress(0);

    /// <summary>What answers instead of the table: called for each request with its number from 0; <see langword="null"/> leaves it to the table.</summary>
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

    /// <summary>Whether a request waits for the test to answer it.</summary>
    public bool IsHolding
    {
        get
        {
            lock (_gate)
            {
                return _held.Any(held => !held.Answer.IsCompleted && !held.Request.IsCancellationRequested);
            }
        }
    }

    public static HttpResponseMessage Json(JToken body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body.ToString(), Encoding.UTF8, "application/json") };

    public static Task<HttpResponseMessage> Error(int status, string body = """{"detail":"no"}""", int? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        if (retryAfter is { } seconds)
        {
            response.Headers.Add("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return Task.FromResult(response);
    }

    /// <summary>Forgets what was asked.</summary>
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

    public HttpResponseMessage FromTable(CheckCall call) => Json(new JObject
    {
        ["result"] = new JObject(call.Ids.Select(id => (Id: id, State: State(id, clock.Elapsed))).Where(entry => entry.State is not null).Select(entry => new JProperty(entry.Id, entry.State))),
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JObject.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var call = new CheckCall(clock.Elapsed, [.. body["task_ids"]!.Values<string>().Select(id => id!)]);
        int number;
        lock (_gate)
        {
            number = _calls.Count;
            _calls.Add(call);
        }

        if (Answer(number, call) is not { } answer)
        {
            return FromTable(call);
        }

        lock (_gate)
        {
            _held.Add((answer, cancellationToken));
        }

        return await answer.WaitAsync(cancellationToken);
    }
}

internal sealed record CheckCall(TimeSpan At, IReadOnlyList<string> Ids);
