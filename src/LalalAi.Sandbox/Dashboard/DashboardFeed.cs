using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>
/// Events for the page: first all data, then the changes. Each open page polls a few times per second. Nothing is queued for a slow page,
/// and no work is done while no page is open.
/// </summary>
internal sealed class DashboardFeed(
    LicenseRegistry licenses,
    RequestLog log,
    FaultPlan faults,
    DashboardMenu menu,
    TimeProvider clock,
    CancellationToken stopping)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The events for one page, until it is closed.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);

        // The system's clock, because the sandbox's clock may be stopped.
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var page = new DashboardChanges(licenses, log, faults, clock);
        yield return new SseItem<string>(ControlJson.Write(menu), "hello");
        do
        {
            foreach (var (name, data) in page.Read())
            {
                yield return new SseItem<string>(ControlJson.Write(data), name);
            }
        }
        while (await TickAsync(timer, closed.Token).ConfigureAwait(false));
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
