using System.Globalization;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// Prices a run without doing any of it, and without a license key: from the headers of the files and from the journal. A file is read
/// whole only if another one of the same size was seen, since only then it may be a duplicate.
/// </summary>
/// <param name="service">The name of the service in the journal.</param>
/// <param name="output">Where to report.</param>
/// <param name="request">The run.</param>
/// <param name="index">What the journal of the output folder contains.</param>
internal sealed class DryRun(string service, Output output, JobRequest request, JobIndex index)
{
    private readonly int _work = index.WorkOf(service, request.Presets);
    private readonly OrderedDictionary<string, int> _states = new(
        new[] { "to do", "in progress", "done", "duplicate", "lost", "failed" }.Select(state => KeyValuePair.Create(state, 0)),
        StringComparer.Ordinal);
    private readonly HashSet<string> _priced = new(StringComparer.Ordinal);
    private int _unpriced;
    private double _minutes;

    /// <summary>Prices the run.</summary>
    /// <param name="inputs">Its files.</param>
    /// <param name="connection">The service, or <see langword="null"/> if there is no key to ask it for the balance.</param>
    /// <param name="cancellationToken">Cancels the pricing.</param>
    /// <returns>The exit code: whether what is known of the price is over the limit or the balance.</returns>
    public async Task<int> RunAsync(InputSet inputs, ServiceConnection? connection, CancellationToken cancellationToken)
    {
        if (connection is { IsTemporary: true })
        {
            index.Forget(service);
        }

        var balance = connection is null ? null : await BalanceAsync(connection, cancellationToken);
        var sizes = inputs.Files.GroupBy(file => file.Size).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        foreach (var input in inputs.Files)
        {
            try
            {
                await PriceAsync(input, sizes.Contains(input.Size), cancellationToken);
            }
            catch (Exception exception) when (exception is UsageException or IOException or UnauthorizedAccessException)
            {
                Fail(input.Path, exception.Message);
            }
        }

        foreach (var problem in inputs.Problems)
        {
            Fail(problem.Path, problem.Message);
        }

        if (inputs.LeftOut is { } leftOut)
        {
            output.Say(leftOut);
        }

        return Total(inputs.Files.Count + inputs.Problems.Count, balance);
    }

    private async Task<double?> BalanceAsync(ServiceConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.GetMinutesLeftAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is LalalAiConnectionException or TimeoutException)
        {
            output.Say($"The balance is not known. {Failure.Of(exception).Message}");
            return null;
        }
    }

    private async Task PriceAsync(InputFile input, bool mayBeDuplicate, CancellationToken cancellationToken)
    {
        input.RequireContent();
        var sha256 = request.Options.Checksum ? null : index.FindHash(_work, input.Path, input.Size, input.ModifiedAt);
        if (sha256 is null && (mayBeDuplicate || index.KnowsSize(input.Size)))
        {
            sha256 = await ContentHash.ComputeAsync(input.Path, cancellationToken: cancellationToken);
        }

        var job = sha256 is null ? null : index.FindJob(_work, sha256);
        var state = sha256 is not null && !_priced.Add(sha256) ? "duplicate"
            : job is { IsDone: true } ? "done"
            : job is { IsInProgress: true } ? "in progress"
            : job is { IsGone: true } && !request.Options.RestartLost ? "lost"
            : "to do";
        var minutes = state == "to do" ? Length(input, sha256) * request.Stems : 0;
        _states[state]++;
        _minutes += minutes ?? 0;
        _unpriced += minutes is null ? 1 : 0;
        output.Result(
            "priced",
            new { file = input.Path, state, minutes },
            $"{minutes?.ToString("0.00", CultureInfo.InvariantCulture) ?? "?",8}  {state,-11}  {CellText.Printable(input.Path)}");
    }

    private double? Length(InputFile input, string? sha256)
    {
        var known = sha256 is null ? null : index.FindSource(service, sha256)?.Duration ?? index.FindDuration(sha256);
        return known?.TotalMinutes ?? MediaDuration.TryReadMinutes(input.Path);
    }

    private void Fail(string path, string message)
    {
        _states["failed"]++;
        output.Event("file_failed", new { file = path, message, code = (string?)null, exit_code = ExitCode.Usage });
        output.Complain($"{CellText.Printable(CellText.ShortPath(path))}: {message}");
    }

    private int Total(int files, double? balance)
    {
        var spent = index.MinutesSpent(service);
        var isOverLimit = request.Options.MaxMinutes is { } limit && !(spent + _minutes <= limit);
        var isOverBalance = _minutes > balance;
        output.Event(
            "price",
            new
            {
                files,
                to_do = _states["to do"],
                minutes = _minutes,
                unpriced = _unpriced,
                minutes_left = balance,
                is_over_limit = isOverLimit,
                is_over_balance = isOverBalance,
            });
        var price = $"{CellText.Minutes(_minutes)} minutes";
        var states = _states.Where(state => state.Value > 0).Select(state => $"{state.Value} {state.Key}");
        output.Table(
            ("Files", $"{files}: {string.Join(", ", states)}"),
            ("Price", _unpriced == 0
                ? price
                : $"at least {price}; {CellText.Count(_unpriced, "file")} could not be priced before the upload"),
            ("Balance", balance is null ? "not known" : $"{CellText.Minutes(balance)} minutes"));
        if (_states["lost"] > 0)
        {
            output.Say("Tasks that failed, were canceled or were lost are not started again without --restart-lost.");
        }

        if (isOverLimit)
        {
            output.Complain(
                $"That is over the limit of --max-minutes {CellText.Minutes(request.Options.MaxMinutes)}, "
                    + $"of which {(spent is { } known ? CellText.Minutes(known) : "an unknown part")} is spent.");
        }
        else if (isOverBalance)
        {
            output.Complain("That is more than the balance.");
        }

        return isOverLimit || isOverBalance ? ExitCode.Minutes
            : _states["failed"] > 0 ? ExitCode.Usage
            : ExitCode.Success;
    }
}
