using System.Net.ServerSentEvents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Dashboard;

/// <summary>Reads the events of a sandbox as its page does.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventReader(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _events = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    public static async Task<EventReader> OpenAsync(HttpClient http)
    {
        var response = await http.GetAsync("/_sandbox/events", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The data of the next event with a name that fulfills a condition.</summary>
    public async Task<JToken> NextAsync(string name, Func<JToken, bool>? condition = null)
    {
        while (await _events.MoveNextAsync())
        {
            var data = Parse(_events.Current.Data);
            if (_events.Current.EventType == name && (condition is null || condition(data)))
            {
                return data;
            }
        }

        throw new EndOfStreamException($"The events ended before '{name}'.");
    }

    /// <summary>Whether the stream ends, after any number of events.</summary>
    public async Task<bool> EndsAsync()
    {
        while (await _events.MoveNextAsync())
        {
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _response.Dispose();
    }

    private static JToken Parse(string data)
    {
        using var reader = new JsonTextReader(new StringReader(data)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }
}
