using System.Globalization;
using System.Net.Sockets;
using System.Text;
using LalalAi.Generated;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Http;

/// <summary>Responses of the API have a maximum size, with a length, in chunks, or without an end.</summary>
public sealed class AnswerLimitTests
{
    private const int MegaBytes = 1024 * 1024;

    [Test]
    public async Task Answer_of_more_than_16_MB_is_an_error([Values] Framing framing)
    {
        await using var server = new Flood("200 OK", framing);
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = 0);

        var exception = await Assert.ThrowsAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.ToString(), Does.Contain("16 MB"));
        // What the sockets hold in addition is the system's.
        Assert.That(await server.SentAsync(), Is.LessThan(32 * MegaBytes));
    }

    [Test]
    public async Task Error_is_cut_at_64_KB_and_keeps_its_status([Values] Framing framing)
    {
        await using var server = new Flood("503 Service Unavailable", framing);
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = 0);

        var exception = await Assert.ThrowsAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        Assert.That((exception!.StatusCode, exception.ResponseBody!.Length), Is.EqualTo((503, 64 * 1024)));
        Assert.That(await server.SentAsync(), Is.LessThan(16 * MegaBytes));
    }

    [Test]
    public async Task Limit_holds_for_the_raw_client()
    {
        await using var server = new Flood("200 OK", Framing.Endless);
        using var http = new HttpClient { BaseAddress = server.Address };

        var exception = await Assert.ThrowsAsync<ApiException>(() => new LalalAiApiClient(http).LimitsMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain("16 MB"));
    }

    [Test]
    public async Task Answer_in_a_character_set_that_does_not_exist_is_read()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Content = """{ "minutes_left": 7 }"""u8.ToArray(), Headers = ["Content-Type: application/json; charset=nowhere-8"] });
        await using var client = ApiClients.For(server.Address);

        Assert.That(await client.GetMinutesLeftAsync(), Is.EqualTo(7));
    }

    [Test]
    public async Task Body_that_stalls_ends_at_the_timeout()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Content = """{ "minutes_left": 7 }"""u8.ToArray(), HoldAfter = 5 });
        await using var client = ApiClients.For(server.Address, options => (options.MaxRetries, options.RequestTimeout) = (0, TimeSpan.FromMilliseconds(300)));

        await Assert.ThrowsAsync<TimeoutException>(() => client.GetMinutesLeftAsync());
    }

    /// <summary>How a response says where it ends.</summary>
    public enum Framing
    {
        /// <summary>With a length of a gigabyte.</summary>
        Length,

        /// <summary>In chunks.</summary>
        Chunks,

        /// <summary>With the connection.</summary>
        Endless,
    }

    /// <summary>A server that answers with spaces until the client stops reading.</summary>
    private sealed class Flood : IAsyncDisposable
    {
        private static readonly byte[] Part = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));

        private readonly LoopbackListener _listener;
        private readonly TaskCompletionSource<long> _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Flood(string status, Framing framing) => _listener = new LoopbackListener(async (connection, stop) =>
        {
            using (connection)
            {
                var sent = 0L;
                try
                {
                    var stream = connection.GetStream();
                    await stream.ReadExactlyAsync(new byte[16], stop);
                    var header = framing switch { Framing.Length => "Content-Length: 1073741824\r\n", Framing.Chunks => "Transfer-Encoding: chunked\r\n", _ => "Connection: close\r\n" };
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{header}\r\n"), stop);
                    while (true)
                    {
                        if (framing == Framing.Chunks)
                        {
                            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Part.Length:x}\r\n")), stop);
                        }

                        await stream.WriteAsync(Part, stop);
                        sent += Part.Length;
                        if (framing == Framing.Chunks)
                        {
                            await stream.WriteAsync("\r\n"u8.ToArray(), stop);
                        }
                    }
                }
                catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
                {
                    _sent.TrySetResult(sent);
                }
            }
        });

        public Uri Address => _listener.Address;

        /// <summary>Returns the bytes that were sent until the client closed the connection.</summary>
        public Task<long> SentAsync() => _sent.Task.SoonAsync();

        public ValueTask DisposeAsync() => _listener.DisposeAsync();
    }
}
