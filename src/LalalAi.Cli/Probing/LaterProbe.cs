using LalalAi.Cli.Failures;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Probing;

/// <summary>Asks about the tasks and the source of a probe a day later. It costs nothing.</summary>
internal sealed class LaterProbe(ProbeConnection service, ProbeRecord record, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var due = record.File.Began + Lifetime + TimeSpan.FromHours(1);
        if (clock.GetUtcNow() < due)
        {
            throw new UsageException(
                $"The service keeps tasks and sources for 24 hours. Ask again after {due.ToLocalTime():yyyy-MM-dd HH:mm}.");
        }

        if (record.File.Facts.ExpiredTask is null)
        {
            var task = record.File.Probe.Tasks.FirstOrDefault(each => each.TaskId is not null)?.TaskId;
            Observation<MissingTaskResponse> seen = task is null
                ? "The probe started no task."
                : (await service.CheckAsync([task], cancellationToken)).DescribeTask(task);
            record.Note(nameof(SandboxBehavior.ExpiredTask), seen, (facts, response) => facts with { ExpiredTask = response });
        }

        // Once only: to ask is to delete it.
        if (record.File.Facts.SourcesExpire is null)
        {
            record.Note(
                nameof(SandboxBehavior.SourcesExpire),
                await DeleteAsync(cancellationToken),
                (facts, isExpired) => facts with { SourcesExpire = isExpired });
        }
    }

    private async Task<Observation<bool>> DeleteAsync(CancellationToken cancellationToken)
    {
        if (record.File.Probe.SourceId is not { } source)
        {
            return "The probe uploaded nothing.";
        }

        var response = await service.PostAsync("delete/", new JObject { ["source_id"] = source }, cancellationToken);
        return response.IsSuccess || response.IsRejection ? response.IsRejection : $"The deletion was answered with {response}.";
    }
}
