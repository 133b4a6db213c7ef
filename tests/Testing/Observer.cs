using System.Threading.Channels;

namespace LalalAi.Testing;

/// <summary>Collects reports, for inspection as a list or one by one.</summary>
/// <param name="each">Called with each report, at once and on the reporting thread.</param>
public sealed class Observer<T>(Action<T>? each = null) : IProgress<T>
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
        each?.Invoke(value);
    }

    public Task<T> NextAsync() => _channel.Reader.ReadAsync().AsTask().SoonAsync();

    public async Task ReadAsync(IAsyncEnumerable<T> items)
    {
        await foreach (var item in items)
        {
            Report(item);
        }
    }
}
