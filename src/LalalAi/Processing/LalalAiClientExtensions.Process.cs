using LalalAi.Processing;

namespace LalalAi;

/// <content>The whole job in one call.</content>
public static partial class LalalAiClientExtensions
{
    /// <summary>
    /// Runs a whole job: uploads a file, starts a task, waits for it, and downloads every track. The output folder and the presets are
    /// validated before the upload.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The file, up to 10 GB.</param>
    /// <param name="presets">The parameters of the task.</param>
    /// <param name="directory">The folder for the tracks. It is created if it does not exist.</param>
    /// <param name="options">The options of the job, such as its timeout and price limit.</param>
    /// <param name="progress">Receives the progress of each phase and of the whole job.</param>
    /// <param name="cancellationToken">Cancels the job. A task that was started keeps running.</param>
    /// <returns>The tracks. A track that could not be downloaded is part of the result, with its error: the task was paid for.</returns>
    /// <exception cref="ArgumentException">The presets, the folder or an option is not valid. Nothing was uploaded.</exception>
    /// <exception cref="LalalAiMaxMinutesException">The job would or could cost more than <see cref="ProcessOptions.MaxMinutes"/>. Nothing
    /// was started.</exception>
    /// <exception cref="LalalAiTaskException">The task did not succeed.</exception>
    /// <exception cref="LalalAiException">Something else failed. <see cref="LalalAiException.Checkpoint"/> contains what was uploaded and
    /// started, and resumes the job.
    /// </exception>
    /// <exception cref="LalalAiProcessCanceledException">The job was canceled.</exception>
    /// <exception cref="TimeoutException">The timeout was reached during the upload. After the start, the exception is a
    /// <see cref="LalalAiTaskTimeoutException"/>. Between the two, it is a <see cref="LalalAiProcessException"/>, and during the start a
    /// <see cref="LalalAiAmbiguousStartException"/>.</exception>
    public static async Task<ProcessResult> ProcessAsync(
        this ILalalAiClient client,
        string path,
        TaskPresets presets,
        string directory,
        ProcessOptions? options = null,
        IProgress<ProcessProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(path, nameof(path));
        using var job = new ProcessJob(client, presets, directory, options, progress);
        return await job
            .RunAsync(Path.GetFileName(path), _ => Task.FromResult<Stream>(OpenFile(path)), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Runs a whole job on a stream. See the overload for a path.</summary>
    /// <param name="client">The client.</param>
    /// <param name="openContent">Opens the content. The stream is disposed after the upload.</param>
    /// <param name="fileName">The name of the file. The service derives the format from the extension.</param>
    /// <param name="presets">The parameters of the task.</param>
    /// <param name="directory">The folder for the tracks. It is created if it does not exist.</param>
    /// <param name="options">The options of the job, such as its timeout and price limit.</param>
    /// <param name="progress">Receives the progress of each phase and of the whole job.</param>
    /// <param name="cancellationToken">Cancels the job. A task that was started keeps running.</param>
    /// <returns>The tracks.</returns>
    public static async Task<ProcessResult> ProcessAsync(
        this ILalalAiClient client,
        Func<CancellationToken, Task<Stream>> openContent,
        string fileName,
        TaskPresets presets,
        string directory,
        ProcessOptions? options = null,
        IProgress<ProcessProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(openContent, nameof(openContent));
        ThrowIfNull(fileName, nameof(fileName));
        using var job = new ProcessJob(client, presets, directory, options, progress);
        return await job.RunAsync(fileName, openContent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a whole job on an uploaded file. See the overload for a path.</summary>
    /// <param name="client">The client.</param>
    /// <param name="source">The uploaded file.</param>
    /// <param name="presets">The parameters of the task.</param>
    /// <param name="directory">The folder for the tracks. It is created if it does not exist.</param>
    /// <param name="options">The options of the job, such as its timeout and price limit.</param>
    /// <param name="progress">Receives the progress of each phase and of the whole job.</param>
    /// <param name="cancellationToken">Cancels the job. A task that was started keeps running.</param>
    /// <returns>The tracks.</returns>
    public static async Task<ProcessResult> ProcessAsync(
        this ILalalAiClient client,
        SourceFile source,
        TaskPresets presets,
        string directory,
        ProcessOptions? options = null,
        IProgress<ProcessProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(source, nameof(source));
        using var job = new ProcessJob(client, presets, directory, options, progress);
        return await job.RunAsync(source, cancellationToken).ConfigureAwait(false);
    }
}
