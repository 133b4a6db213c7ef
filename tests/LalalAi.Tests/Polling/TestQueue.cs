using System.Threading.Channels;

namespace LalalAi.Tests.Polling;

/// <summary>What an observer received, to be awaited one by one.</summary>
internal sealed class TestQueue<T> : IProgress<T>
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();
    private readonly List<T> _all = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    public void Report(T value)
    {
        lock (_all)
        {
            _all.Add(value);
        }

        _channel.Writer.TryWrite(value);
    }

    public Task<T> NextAsync() => PollingRig.Soon(_channel.Reader.ReadAsync().AsTask());

    public async Task ReadAsync(IAsyncEnumerable<T> items)
    {
        await foreach (var item in items)
        {
            Report(item);
        }
    }
}
