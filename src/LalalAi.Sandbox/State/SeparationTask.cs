using LalalAi.Sandbox.Audio;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.State;

/// <summary>A started task. Its state is computed from the time. Nothing runs in the background.</summary>
internal sealed class SeparationTask(Guid id, Source source, JObject presets, DateTimeOffset created, ProcessingSchedule schedule)
{
    public Guid Id { get; } = id;

    public Source Source { get; } = source;

    /// <summary>The presets with the defaults, as checks return them.</summary>
    public JObject Presets { get; } = presets;

    public SplitPlan Plan { get; } = SplitPlan.For(presets);

    public DateTimeOffset Created { get; } = created;

    public ProcessingSchedule Schedule => schedule;

    public DateTimeOffset Completes => schedule.Completes;

    public DateTimeOffset? Canceled { get; set; }

    /// <summary>The reason why the task will fail; null when it will not.</summary>
    public Fault? Failure { get; set; }

    /// <summary>The seconds of audio that it cost.</summary>
    public long ChargedSeconds { get; set; }

    /// <summary>Whether a check has reported the final state.</summary>
    public bool EndReported { get; set; }

    public SeparationStatus StatusAt(DateTimeOffset now)
    {
        if (Canceled is not null)
        {
            return SeparationStatus.Canceled;
        }

        return now >= schedule.Completes ? (Failure is null ? SeparationStatus.Succeeded : SeparationStatus.Failed)
            : now >= schedule.LeavesQueue ? SeparationStatus.Processing
            : SeparationStatus.Queued;
    }

    /// <summary>Progress in percent: 0 in the queue, 1 to 99 in processing, 100 at the end.</summary>
    public int ProgressAt(DateTimeOffset now) => StatusAt(now) switch
    {
        SeparationStatus.Queued => 0,
        SeparationStatus.Processing => 1 + (int)(98 * ((now - schedule.LeavesQueue) / (schedule.Completes - schedule.LeavesQueue))),
        _ => 100,
    };

    /// <summary>Cancels the task unless it has already ended.</summary>
    /// <returns>Whether it was still running.</returns>
    public bool Cancel(DateTimeOffset now)
    {
        if (StatusAt(now) is not (SeparationStatus.Queued or SeparationStatus.Processing))
        {
            return false;
        }

        Canceled = now;
        return true;
    }
}
