using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LalalAi.AI;

/// <summary>
/// A stored job: one recording and its presets. The same content with the same presets is the same job, under any file name.
/// </summary>
public sealed record AgentJob
{
    /// <summary>The ID, which follows from content, presets and service.</summary>
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the content, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The real path of the recording.</summary>
    public required string File { get; init; }

    /// <summary>The folder for the tracks, below <see cref="AgentJobStore.Folder"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>The progress of the job.</summary>
    public required JobCheckpoint Checkpoint { get; init; }

    /// <summary>The price in minutes of the start that was sent, or <see langword="null"/> if none was sent or it is not known.</summary>
    public double? Minutes { get; init; }

    /// <summary>
    /// Why the started job can no longer be finished, or <see langword="null"/>. Only a person may decide to pay for it again.
    /// </summary>
    public AgentJobEnd? End { get; init; }

    /// <summary>Whether a start was sent that may have succeeded, and is therefore counted as paid.</summary>
    public bool IsPaid => Checkpoint.IdempotencyKey is not null || Checkpoint.TaskId is not null;

    /// <summary>Returns the ID of a job. The order of stems and the spelling of UUIDs are irrelevant.</summary>
    /// <param name="service">The address of the service.</param>
    /// <param name="sha256">The SHA-256 of the content.</param>
    /// <param name="presets">The parameters of the task.</param>
    public static string CreateId(Uri service, string sha256, TaskPresets presets)
    {
        ArgumentNullException.ThrowIfNull(service);
        var names = $"{service.AbsoluteUri}\n{sha256}\n{JsonSerializer.Serialize(presets.Normalize())}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names)))[..16];
    }
}

/// <summary>The reason why a started job can no longer be finished.</summary>
public enum AgentJobEnd
{
    /// <summary>Its task failed on the service.</summary>
    Failed = 0,

    /// <summary>Its task was canceled.</summary>
    Canceled = 1,

    /// <summary>Its task was started, but the response with its ID was lost.</summary>
    Lost = 2,
}
