using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The immutable properties of a task.</summary>
internal sealed record TaskCard(
    Guid Id,
    string LicenseKey,
    string Kind,
    JObject Presets,
    DateTimeOffset Created,
    SourceCard Source,
    IReadOnlyList<string> Tracks)
{
    public static TaskCard Of(string licenseKey, SeparationTask task) => new(
        task.Id,
        MaskedKey.Of(licenseKey),
        (string?)task.Presets["label"] ?? (string)task.Presets["task_type"]!,
        task.Presets,
        task.Created,
        new SourceCard(task.Source.Id, task.Source.Name, task.Source.Size, task.Source.Media.Seconds, task.Source.Media.FormatName),
        [.. task.Plan.Tracks.Select(track => track.Label)]);
}

/// <summary>The source of a task.</summary>
internal sealed record SourceCard(Guid Id, string Name, long Size, double Seconds, string Format);

/// <summary>The mutable properties of a task.</summary>
internal sealed record TaskProgress(Guid Id, string Status, int Progress, double Minutes, string? Code, string? Error, bool SourceDeleted)
{
    public static TaskProgress Of(SeparationTask task, DateTimeOffset now)
    {
        var status = task.StatusAt(now);
        var failure = status == SeparationStatus.Failed ? task.Failure : null;
        return new TaskProgress(
            task.Id,
            status.ToString().ToLowerInvariant(),
            task.ProgressAt(now),
            task.ChargedSeconds / 60.0,
            failure?.Text,
            failure is null ? null : failure.Detail ?? "The task failed.",
            task.Source.Deleted is not null);
    }
}
