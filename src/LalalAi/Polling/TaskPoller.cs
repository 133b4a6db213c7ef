using LalalAi.Http;
using Microsoft.Extensions.Logging;

namespace LalalAi.Polling;

/// <summary>The one loop of a client that checks every task which somebody waits for.</summary>
internal sealed class TaskPoller : IAsyncDisposable, IDisposable
{
    public TaskPoller(ApiCaller api, LalalAiClientOptions options, ILogger logger)
    {
        _ = (api, options, logger);
    }

    public Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TaskSucceeded> WaitAsync(TaskId task, IProgress<TaskState>? progress, TimeSpan? timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<TaskState> WatchAsync(TaskId task, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;

    public void Dispose()
    {
    }
}
