using LalalAi.Cli.Failures;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Probing;

/// <summary>
/// Finds out what is not documented about the service and can be seen in one run. It starts at most two tasks on a song of six seconds.
/// </summary>
internal sealed class Probe(ProbeConnection service, ProbeRecord record, TimeProvider clock, bool isTemporary)
{
    public const int MaxTasks = 2;
    public const int SongSeconds = 6;
    public const double MaxMinutes = MaxTasks * SongSeconds / 60.0;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTask = TimeSpan.FromMinutes(10);

    private IReadOnlyList<ProbeTask> Tasks => record.File.Probe.Tasks;

    /// <param name="withLimits">Whether to exceed the limit of checks.</param>
    /// <param name="cancellationToken">Ends the probe. The record keeps what it has found out.</param>
    public async Task RunAsync(bool withLimits, CancellationToken cancellationToken)
    {
        var reason = isTemporary
            ? "Only a request a day later could tell, and the sandbox ends with the probe."
            : "`lalalai doctor --probe --later` asks a day after the probe.";
        record.Miss(nameof(SandboxBehavior.ExpiredTask), reason);
        record.Miss(nameof(SandboxBehavior.SourcesExpire), reason);
        record.Miss(nameof(SandboxBehavior.CheckWindow), "Only a probe with --limits asks.");

        var minutes = await service.GetMinutesAsync(cancellationToken);
        if (minutes < MaxMinutes)
        {
            throw new JobException(
                new Failure(ExitCode.Minutes, $"The probe may need {MaxMinutes:0.#} minutes, and {minutes:0.##} are left."));
        }

        var later = await UploadAsync(seed: 2, "lalalai-probe-later.wav", cancellationToken);
        record.Change(file => file with { Probe = file.Probe with { SourceId = later } });
        await AskAboutUndecodableAsync(cancellationToken);
        var source = await UploadAsync(seed: 1, "lalalai-probe.wav", cancellationToken);

        await AskAboutStartsAsync(source, minutes, cancellationToken);
        if (await WaitAsync(Tasks[0].TaskId!, cancellationToken) is { } link)
        {
            await new LinkProbe(service, record).RunAsync(link, cancellationToken);
            await AskAboutDeletedLinksAsync(source, link, cancellationToken);
        }

        if (withLimits)
        {
            record.Note(
                nameof(SandboxBehavior.CheckWindow),
                await new CheckWindowProbe(service, clock).RunAsync(Tasks[0].TaskId!, cancellationToken),
                (facts, kind) => facts with { CheckWindow = kind });
        }
    }

    private async Task AskAboutStartsAsync(string source, double? minutes, CancellationToken cancellationToken)
    {
        var first = await StartAsync(source, "vocals", Guid.NewGuid(), cancellationToken)
            ?? throw new JobException(new Failure(ExitCode.Failure, "The service started no task, so the probe cannot continue."));
        var again = await AskAgainAsync(source, first, cancellationToken);
        var (unknown, isQueued) = await AskAboutUnknownTaskAsync(first.TaskId!, cancellationToken);
        record.Note(
            nameof(SandboxBehavior.SameKeyWhileQueued),
            again.Value == ReusedKeyResponse.Rejected && !isQueued ? "The task was no longer queued, and the key was rejected." : again,
            (facts, response) => facts with { SameKeyWhileQueued = response });
        record.Note(nameof(SandboxBehavior.UnknownTask), unknown, (facts, response) => facts with { UnknownTask = response });

        var afterFirst = await service.GetMinutesAsync(cancellationToken);
        record.Note(
            nameof(SandboxBehavior.ChargedSeconds),
            Tasks.Any(task => task.TaskId is null)
                ? "It is not known how many tasks were started."
                : ChargeOf((minutes - afterFirst) * 60 / Tasks.Count),
            (facts, seconds) => facts with { ChargedSeconds = seconds });
        await AskAboutCancelAsync(source, afterFirst, cancellationToken);
    }

    /// <summary>Starts the task once more, with its own key. This may start another one.</summary>
    private async Task<Observation<ReusedKeyResponse>> AskAgainAsync(string source, ProbeTask first, CancellationToken cancellationToken)
    {
        var response = await SendStartAsync(source, "vocals", first.IdempotencyKey, cancellationToken);
        if (response.IsRejection || TaskIdOf(response) == first.TaskId)
        {
            return response.IsRejection ? ReusedKeyResponse.Rejected : ReusedKeyResponse.SameTask;
        }

        // Counted as a task if it may be one.
        Remember(new ProbeTask(first.IdempotencyKey, TaskIdOf(response)));
        return response.IsSuccess ? ReusedKeyResponse.AnotherTask : $"The second start was answered with {response}.";
    }

    /// <summary>Asks for a task that never existed, together with one that does: does it spoil the whole response?</summary>
    private async Task<(Observation<MissingTaskResponse> Unknown, bool IsQueued)> AskAboutUnknownTaskAsync(
        string known, CancellationToken cancellationToken)
    {
        var unknown = Guid.NewGuid().ToString();
        var both = await service.CheckAsync([known, unknown], cancellationToken);
        var alone = both.IsSuccess ? both : await service.CheckAsync([known], cancellationToken);
        Observation<MissingTaskResponse> seen = alone.IsSuccess ? both.DescribeTask(unknown) : $"No check succeeded: {alone}.";
        return (
            seen.Value == MissingTaskResponse.Reported ? "The service reports a task that does not exist." : seen,
            alone.FindTask(known) is { } state && (string?)state["status"] == "progress" && (double?)state["progress"] is 0);
    }

    private static Observation<int> ChargeOf(double? seconds) => seconds switch
    {
        null => "The service does not report the minutes that are left.",
        < SongSeconds - 0.5 => $"After a task of {SongSeconds} seconds, the balance was only {seconds:0.#} seconds lower.",
        // Six seconds cannot tell whether it is 1, 2, 3 or 6.
        < SongSeconds + 0.5 => 1,
        _ => (int)Math.Round(seconds.Value),
    };

    /// <summary>Cancels the second task: the one that the second start made, or a new one.</summary>
    private async Task AskAboutCancelAsync(string source, double? afterFirst, CancellationToken cancellationToken)
    {
        var (second, before) = (Tasks.ElementAtOrDefault(1), afterFirst);
        if (second is null)
        {
            second = await StartAsync(source, "drum", Guid.NewGuid(), cancellationToken);
            before = await service.GetMinutesAsync(cancellationToken);
        }

        record.Note(
            nameof(SandboxBehavior.CancelRefundsMinutes),
            second?.TaskId is { } id
                ? await CancelAsync(id, before, cancellationToken)
                : "The service did not start a second task, or its ID is not known.",
            (facts, isGivenBack) => facts with { CancelRefundsMinutes = isGivenBack });
    }

    private async Task<Observation<bool>> CancelAsync(string task, double? before, CancellationToken cancellationToken)
    {
        var response = await service.PostAsync("cancel/", new JObject { ["task_ids"] = new JArray(task) }, cancellationToken);
        var after = await service.GetMinutesAsync(cancellationToken);
        return (string?)response.FindTask(task)?["status"] != "success" ? "The task could not be canceled."
            : after - before is { } difference ? difference * 60 > SongSeconds / 2.0
            : "The service does not report the minutes that are left.";
    }

    private async Task AskAboutUndecodableAsync(CancellationToken cancellationToken)
    {
        var text = string.Concat(Enumerable.Repeat("This is not audio. ", 200));
        var response = await service.UploadAsync(System.Text.Encoding.ASCII.GetBytes(text), "lalalai-probe-text.wav", cancellationToken);
        Observation<bool> isRejected =
            response.IsSuccess || response.IsRejection ? response.IsRejection : $"The upload was answered with {response}.";
        record.Note(
            nameof(SandboxBehavior.RejectsUndecodableUploads),
            isRejected,
            (facts, value) => facts with { RejectsUndecodableUploads = value });
        if ((string?)response.Json["id"] is { } id)
        {
            await DeleteAsync(id, cancellationToken);
        }
    }

    private async Task AskAboutDeletedLinksAsync(string source, Uri link, CancellationToken cancellationToken)
    {
        Observation<bool> outlives;
        if (await DeleteAsync(source, cancellationToken) is { IsSuccess: false } refused)
        {
            outlives = $"The source could not be deleted: {refused}.";
        }
        else
        {
            using var response = await service.GetLinkAsync(link, range: null, ifRange: null, cancellationToken);
            var status = (int)response.StatusCode;
            outlives = response.IsSuccessStatusCode || status is 403 or 404 or 410
                ? response.IsSuccessStatusCode
                : $"The link was answered with HTTP {status}.";
        }

        record.Note(
            nameof(SandboxBehavior.LinksOutliveDelete), outlives, (facts, value) => facts with { LinksOutliveDelete = value });
    }

    /// <summary>Waits for the end of a task, and returns the link of its first track.</summary>
    private async Task<Uri?> WaitAsync(string task, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        JObject? state;
        while (true)
        {
            state = (await service.CheckAsync([task], cancellationToken)).FindTask(task);
            if ((string?)state?["status"] is not (null or "progress" or "server_error") || clock.GetElapsedTime(began) > LongestTask)
            {
                break;
            }

            await Task.Delay(CheckInterval, clock, cancellationToken);
        }

        if (state?["result"]?["tracks"]?.FirstOrDefault()?["url"] is JValue { Value: string url }
            && Uri.TryCreate(url, UriKind.Absolute, out var link))
        {
            return link;
        }

        foreach (var fact in LinkProbe.Facts.Append(nameof(SandboxBehavior.LinksOutliveDelete)))
        {
            record.Miss(fact, $"The task has no track; its status is {(string?)state?["status"] ?? "unknown"}.");
        }

        return null;
    }

    private async Task<string> UploadAsync(int seed, string name, CancellationToken cancellationToken)
    {
        var song = SandboxSong.Create(TimeSpan.FromSeconds(SongSeconds), seed);
        var response = await service.UploadAsync(song, name, cancellationToken);
        return response.IsSuccess && (string?)response.Json["id"] is { } id
            ? id
            : throw new JobException(new Failure(ExitCode.Failure, $"The upload of the probe failed: {response}."));
    }

    private Task<ProbeResponse> DeleteAsync(string source, CancellationToken cancellationToken) =>
        service.PostAsync("delete/", new JObject { ["source_id"] = source }, cancellationToken);

    /// <summary>Starts a task. Its key is on disk before it is sent.</summary>
    private async Task<ProbeTask?> StartAsync(string source, string stem, Guid key, CancellationToken cancellationToken)
    {
        var task = new ProbeTask(key, null);
        Remember(task);
        var response = await SendStartAsync(source, stem, key, cancellationToken);
        task = task with { TaskId = TaskIdOf(response) };
        // A failure says nothing about whether there is a task.
        SetTasks([.. Tasks.SkipLast(1), .. response.IsRejection ? Enumerable.Empty<ProbeTask>() : [task]]);
        return task.TaskId is null ? null : task;
    }

    private Task<ProbeResponse> SendStartAsync(string source, string stem, Guid key, CancellationToken cancellationToken) =>
        service.PostAsync(
            "split/stem_separator/",
            new JObject
            {
                ["source_id"] = source,
                ["presets"] = new JObject { ["stem"] = stem },
                ["idempotency_key"] = key.ToString(),
            },
            cancellationToken);

    private void Remember(ProbeTask task) => SetTasks([.. Tasks, task]);

    private void SetTasks(IReadOnlyList<ProbeTask> tasks) => record.Change(file => file with { Probe = file.Probe with { Tasks = tasks } });

    private static string? TaskIdOf(ProbeResponse response) => response.IsSuccess ? (string?)response.Json["task_id"] : null;
}
