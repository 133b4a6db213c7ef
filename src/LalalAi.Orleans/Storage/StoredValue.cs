using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace LalalAi.Cluster.Storage;

/// <summary>
/// A value in grain storage, as JSON text that every storage provider keeps as it is. Each write is a compare-and-swap: it succeeds only
/// if the value is the one that was read or written last.
/// </summary>
internal sealed partial class StoredValue<T>(IGrainStorage storage, GrainId grain, string name, TimeProvider timeProvider, ILogger logger)
    where T : class
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly GrainState<StoredText> _state = new(new StoredText());

    /// <summary>The value as it was read or written last; <see langword="null"/> if there is none.</summary>
    public T? Value { get; private set; }

    /// <summary>Reads the value. While the storage is not available, the read is retried. Not for concurrent use.</summary>
    public Task ReadAsync(CancellationToken cancellationToken) => RetryAsync(ReadOnceAsync, cancellationToken);

    /// <summary>Writes a value. While the storage is not available, the write is retried. Not for concurrent use.</summary>
    /// <exception cref="StoredValueChangedException">Another activation has written. <see cref="Value"/> is what it wrote.</exception>
    public async Task WriteAsync(T value, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(value);
        await RetryAsync(() => WriteOnceAsync(json), cancellationToken);
        Value = value;
    }

    private async Task RetryAsync(Func<Task> operation, CancellationToken cancellationToken)
    {
        for (var delay = TimeSpan.FromSeconds(1); ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await operation();
                return;
            }
            catch (Exception exception) when (
                exception is not (StoredValueChangedException or JsonException) && !cancellationToken.IsCancellationRequested)
            {
                LogStorageFailed(exception, name, grain, delay);
                await Task.Delay(delay, timeProvider, cancellationToken);
            }
        }
    }

    private async Task ReadOnceAsync()
    {
        await storage.ReadStateAsync(name, grain, _state);
        Value = _state.State?.Json is { } json ? JsonSerializer.Deserialize<T>(json) : null;
    }

    private async Task WriteOnceAsync(string json)
    {
        try
        {
            _state.State = new StoredText { Json = json };
            await storage.WriteStateAsync(name, grain, _state);
        }
        catch (InconsistentStateException exception)
        {
            // After a write whose response was lost, the stored value is ours.
            await ReadOnceAsync();
            if (_state.State?.Json != json)
            {
                throw new StoredValueChangedException($"Another activation has changed the {name} of {grain}.", exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The {Name} of {Grain} could not be read or stored. It is retried after {Delay}.")]
    private partial void LogStorageFailed(Exception exception, string name, GrainId grain, TimeSpan delay);
}

/// <summary>A stored value was changed by another activation of the same grain, which has taken over.</summary>
internal sealed class StoredValueChangedException(string message, Exception innerException) : Exception(message, innerException);

/// <summary>The text that a storage provider keeps.</summary>
[GenerateSerializer]
internal sealed class StoredText
{
    [Id(0)]
    public string? Json { get; set; }
}
