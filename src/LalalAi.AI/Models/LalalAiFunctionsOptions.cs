using Microsoft.Extensions.AI;

namespace LalalAi.AI;

/// <summary>The folders and the budget. Only a person sets it: no argument of a function can change it.</summary>
public sealed record LalalAiFunctionsOptions
{
    /// <summary>
    /// The folders with recordings. Other files are rejected, and so are links that lead out of these folders. A relative path of a call is
    /// looked up in each of them, in order.
    /// </summary>
    public required IReadOnlyList<string> AllowedFolders { get; init; }

    /// <summary>
    /// The folder for tracks and for the store of jobs. Without it, there are no functions that start or follow jobs. Choose a folder that
    /// the agent cannot write to by other means.
    /// </summary>
    public string? OutputFolder { get; init; }

    /// <summary>
    /// The total budget of the output folder in minutes, including minutes spent by earlier processes. Without it, there are no functions
    /// that spend minutes.
    /// </summary>
    public double? MaxMinutes { get; init; }

    /// <summary>
    /// Asks a person whether a job may be started, and returns whether the person approved. The call returns before the answer, and the job
    /// is <c>awaiting_approval</c> meanwhile. By default, the functions ask no one, and the budget is the only limit.
    /// </summary>
    public Func<SpendRequest, CancellationToken, Task<bool>>? ApproveAsync { get; init; }

    /// <summary>
    /// The price in minutes above which <see cref="ApproveAsync"/> is called. It is also called if the price is not known yet. 0 by
    /// default, which includes every job.
    /// </summary>
    public double ApproveAboveMinutes { get; init; }

    /// <summary>
    /// How long <see cref="ApproveAsync"/> may take. After that, the job is not started. 45 seconds by default. More than 24 days
    /// or <see cref="Timeout.InfiniteTimeSpan"/> is no limit.
    /// </summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Reads the playing time of a recording, or returns <see langword="null"/> if it is not known. The stream is the file that was
    /// checked; do not dispose it. By default, the playing time is not known before the upload, and a job is priced between its upload and
    /// its start.
    /// </summary>
    public Func<FileStream, TimeSpan?>? ReadDuration { get; init; }

    /// <summary>
    /// Opens the store of jobs, at the first call that needs it. By default a <see cref="FolderJobStore"/> in <see cref="OutputFolder"/>.
    /// </summary>
    public Func<AgentJobStore>? OpenStore { get; init; }

    /// <summary>A sentence that is part of every result, for example that no minutes are spent. None by default.</summary>
    public string? Notice { get; init; }

    /// <summary>Returns texts to remove from results, such as the license key, which a service could repeat. None by default.</summary>
    public Func<IReadOnlyList<string>>? GetSecrets { get; init; }

    /// <summary>The clock for waits and the approval. The system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>The question to a person before a job is started.</summary>
/// <param name="File">The path that the caller passed. It is untrusted text.</param>
/// <param name="Presets">The parameters of the task.</param>
/// <param name="Minutes">The price, or <see langword="null"/> if it is not known before the upload.</param>
/// <param name="MinutesLeft">The remaining budget before the job.</param>
/// <param name="Arguments">The arguments of the call, with the context that its host added.</param>
public sealed record SpendRequest(string File, TaskPresets Presets, double? Minutes, double MinutesLeft, AIFunctionArguments Arguments);
