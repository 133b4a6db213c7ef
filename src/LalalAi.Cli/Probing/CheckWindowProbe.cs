using LalalAi.Sandbox;

namespace LalalAi.Cli.Probing;

/// <summary>
/// Finds out how the service counts the checks of a minute. It sends one check, and 40 seconds later as many as are accepted. When the next
/// one is accepted, a sliding window has room for one check, the first of all; a fixed window has room for all of a minute.
/// </summary>
internal sealed class CheckWindowProbe(ProbeConnection service, TimeProvider clock)
{
    private const int Most = 200;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(70);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>About how long it takes.</summary>
    public static readonly TimeSpan Duration = Quiet + Window + TimeSpan.FromSeconds(30);

    public async Task<Observation<CheckWindowKind>> RunAsync(string task, CancellationToken cancellationToken)
    {
        // Until the checks of before no longer count.
        await Task.Delay(Quiet, clock, cancellationToken);
        var began = clock.GetTimestamp();
        if (!await IsAcceptedAsync(task, cancellationToken))
        {
            return "The first check after a minute without any was rejected. Another program may be using the license key.";
        }

        await Task.Delay(Gap, clock, cancellationToken);
        if (await CountAcceptedAsync(task, cancellationToken) is var burst && burst == Most)
        {
            return $"None of {Most} checks was rejected.";
        }

        var full = clock.GetTimestamp();
        do
        {
            if (clock.GetElapsedTime(full) > Longest)
            {
                return $"No check was accepted for {Longest.TotalSeconds:0} seconds.";
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }
        while (!await IsAcceptedAsync(task, cancellationToken));

        var wait = clock.GetElapsedTime(began);
        return await CountAcceptedAsync(task, cancellationToken) > burst / 2 ? CheckWindowKind.Fixed
            : wait > Window - Tolerance ? CheckWindowKind.Sliding
            : $"A single check was accepted {wait.TotalSeconds:0} seconds after the first one, which fits neither kind of window.";
    }

    private async Task<int> CountAcceptedAsync(string task, CancellationToken cancellationToken)
    {
        var count = 0;
        while (count < Most && await IsAcceptedAsync(task, cancellationToken))
        {
            count++;
        }

        return count;
    }

    private async Task<bool> IsAcceptedAsync(string task, CancellationToken cancellationToken) =>
        (await service.CheckAtOnceAsync([task], cancellationToken)).Status != 429;
}
