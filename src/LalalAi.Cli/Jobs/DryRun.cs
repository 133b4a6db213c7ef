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
internal sealed class DryRun
{
    private readonly string _service;
    private readonly Output _output;
    private readonly JobOptions _options;
    private readonly Dictionary<string, int> _states = new(StringComparer.Ordinal);
    private readonly HashSet<string> _priced = new(StringComparer.Ordinal);
    private int _unpriced;
    private int _failed;
    private double _minutes;

    private DryRun(string service, Output output, JobOptions options)
    {
        _service = service;
        _output = output;
        _options = options;
    }

    /// <summary>Prices a run.</summary>
    /// <param name="connection">The service, or <see langword="null"/> if there is no key to ask it for the balance.</param>
    /// <param name="service">The name of the service in the journal.</param>
    /// <param name="output">Where to report.</param>
    /// <param name="request">The run.</param>
    /// <param name="options">How it would be done.</param>
    /// <param name="inputs">Its files.</param>
    /// <param name="index">The journal of the output folder.</param>
    /// <param name="cancellationToken">Cancels the pricing.</param>
    /// <returns>The exit code: whether what is known of the price is over the limit or the balance.</returns>
    public static async Task<int> RunAsync(
        ServiceConnection? connection,
        string service,
        Output output,
        JobRequest request,
        JobOptions options,
        InputSet inputs,
        JobIndex index,
        CancellationToken cancellationToken)
    {
        var balance = connection is null ? null : await BalanceAsync(connection, output, cancellationToken);
        return await new DryRun(service, output, options).RunAsync(request, inputs, index, balance, cancellationToken);
    }

    private static async Task<double?> BalanceAsync(ServiceConnection connection, Output output, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.GetMinutesLeftAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is LalalAiConnectionException or TimeoutException)
        {
            output.Say($"The balance is not known: {exception.Message}");
            return null;
        }
    }

    private async Task<int> RunAsync(
        JobRequest request,
        InputSet inputs,
        JobIndex index,
        double? balance,
        CancellationToken cancellationToken)
    {
        var work = index.WorkOf(_service, request.Presets);
        var sizes = inputs.Files.GroupBy(file => file.Size).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        foreach (var input in inputs.Files)
        {
            try
            {
                await PriceAsync(input, index, work, request, sizes.Contains(input.Size), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
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
            _output.Say(leftOut);
        }

        return Total(inputs.Files.Count + inputs.Problems.Count, balance, index.MinutesSpent(_service));
    }

    private async Task PriceAsync(
        InputFile input,
        JobIndex index,
        int work,
        JobRequest request,
        bool mayBeDuplicate,
        CancellationToken cancellationToken)
    {
        if (input.Size == 0)
        {
            Fail(input.Path, "The file is empty.");
            return;
        }

        var known = index.FindFile(work, input.Path) is { } file
            && file.Size == input.Size
            && file.ModifiedAt == input.ModifiedAt
            && !_options.Checksum
            ? file.Sha256
            : null;
        var sha256 = known
            ?? (mayBeDuplicate || index.KnowsSize(input.Size)
                ? await ContentHash.ComputeAsync(input.Path, cancellationToken: cancellationToken)
                : null);
        var job = sha256 is null ? null : index.FindJob(work, sha256);
        if (sha256 is not null && !_priced.Add(sha256))
        {
            Add(input, "duplicate", 0);
        }
        else if (job is { IsDone: true } or { IsInProgress: true })
        {
            Add(input, job.IsDone ? "done" : "in progress", 0);
        }
        else if (job is { IsGone: true } && !_options.RestartLost)
        {
            Add(input, "lost", 0);
        }
        else
        {
            var length = sha256 is null ? null : index.FindSource(_service, sha256)?.Duration ?? index.FindDuration(sha256);
            Add(input, "to do", (length?.TotalMinutes ?? MediaDuration.TryReadMinutes(input.Path)) * request.Stems);
        }
    }

    private void Fail(string path, string message)
    {
        _failed++;
        _output.Event("file_failed", new { file = path, message, code = (string?)null, exit_code = ExitCode.Usage });
        _output.Complain($"{CellText.Printable(CellText.ShortPath(path))}: {message}");
    }

    private void Add(InputFile input, string state, double? minutes)
    {
        _states[state] = _states.GetValueOrDefault(state) + 1;
        _minutes += minutes ?? 0;
        _unpriced += minutes is null ? 1 : 0;
        _output.Result(
            "priced",
            new { file = input.Path, state, minutes },
            $"{(minutes is { } known ? Text(known) : "?"),8}  {state,-11}  {CellText.Printable(input.Path)}");
    }

    private int Total(int files, double? balance, double? spent)
    {
        var isOverLimit = _options.MaxMinutes is { } limit && !(spent + _minutes <= limit);
        var isOverBalance = _minutes > balance;
        var states = _states.Select(state => $"{state.Value} {state.Key}");
        _output.Event(
            "price",
            new
            {
                files,
                to_do = _states.GetValueOrDefault("to do"),
                minutes = _minutes,
                unpriced = _unpriced,
                minutes_left = balance,
                is_over_limit = isOverLimit,
                is_over_balance = isOverBalance,
            });
        _output.Table(
            ("Files", $"{files}: {string.Join(", ", _failed > 0 ? states.Append($"{_failed} failed") : states)}"),
            ("Price", _unpriced == 0
                ? $"{Text(_minutes)} minutes"
                : $"at least {Text(_minutes)} minutes; {_unpriced} files could not be priced before the upload"),
            ("Balance", balance is { } left ? $"{Text(left)} minutes" : "not known"));
        if (_states.ContainsKey("lost"))
        {
            _output.Say("Lost files are not started again without --restart-lost.");
        }

        if (isOverLimit)
        {
            _output.Complain(
                $"That is over the limit of --max-minutes {Text(_options.MaxMinutes!.Value)}, of which "
                    + $"{(spent is { } known ? Text(known) : "an unknown part")} is spent.");
        }
        else if (isOverBalance)
        {
            _output.Complain("That is more than the balance.");
        }

        return isOverLimit || isOverBalance ? ExitCode.Minutes : _failed > 0 ? ExitCode.Usage : ExitCode.Success;
    }

    private static string Text(double minutes) => minutes.ToString("0.00", CultureInfo.InvariantCulture);
}
