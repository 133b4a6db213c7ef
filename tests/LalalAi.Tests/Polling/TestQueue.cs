using System.Threading.Channels;

namespace LalalAi.Tests.Polling;

/// <summary>What somebody was told, to be waited for one by one.</summary>
internal sealed class TestQueue<T>
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

    public void Add(T item)
    {
        lock (_all)
        {
            _all.Add(item);
        }

        _channel.Writer.TryWrite(item);
    }

    public Task<T> NextAsync() => PollingRig.Soon(_channel.Reader.ReadAsync().AsTask());

    public async Task ReadAsync(IAsyncEnumerable<T> items)
    {
        await foreach (var item in items)
        {
            Add(item);
        }
    }
}
