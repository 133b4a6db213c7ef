using System.Globalization;
using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Prices a run without doing any of it. The service tells the duration of a file only after its upload; before that, what the header of the file tells has to do.</summary>
internal sealed class DryRun(ServiceConnection connection, Output output, JobOptions options)
{
    private int _done;
    private int _priced;
    private int _unpriced;
    private double _minutes;

    /// <returns>The exit code: whether what is known of the price is over the cap or the balance.</returns>
    public async Task<int> RunAsync(JobRequest request, string directory, CancellationToken cancellationToken)
    {
        await request.Recipe.CheckAsync(connection.Client);
        var balance = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        var index = JobJournal.Peek(directory);
        if (connection.IsTemporary)
        {
            index.Forget(connection.Service);
        }

        var work = index.WorkOf(connection.Service, request.Recipe.Kind, request.Recipe.Presets);
        var inputs = new InputSet(request.Inputs, request.Recursive, directory, index.OwnsFolder);
        var total = inputs.Count([]);
        foreach (var input in inputs.Enumerate())
        {
            Price(input, await ContentHash.ComputeAsync(input.Path, cancellationToken), index, work, request.Recipe.Stems);
        }

        return Tell(total, balance, index.MinutesSpent(connection.Service));
    }

    private void Price(InputFile input, string sha256, JobIndex index, int work, int stems)
    {
        if (index.Find(work, sha256) is { } job && (job.IsComplete || job.IsUnderWay))
        {
            _done++;
            Tell(input, job.IsComplete ? "done" : "under way", 0);
            return;
        }

        var minutes = index.FindSource(connection.Service, sha256)?.Minutes ?? (MediaDuration.TryRead(input.Path) is { } duration ? Math.Ceiling(duration.TotalSeconds) / 60 : null);
        if (minutes is { } known)
        {
            _priced++;
            _minutes += known * stems;
            Tell(input, "to do", known * stems);
        }
        else
        {
            _unpriced++;
            Tell(input, "to do", null);
        }
    }

    private void Tell(InputFile input, string state, double? minutes) => output.Result(
        "priced",
        new { file = input.Path, state, minutes },
        $"{(minutes is { } known ? Format(known) : "?"),8}  {state,-9}  {input.Path}");

    private int Tell(int total, double? balance, double spent)
    {
        var isOverCap = options.MaxMinutes is { } cap && spent + _minutes > cap;
        var isOverBalance = _minutes > balance;
        output.Event(
            "price",
            new { files = total, to_do = _priced + _unpriced, minutes = _minutes, unpriced = _unpriced, minutes_left = balance, is_over_cap = isOverCap, is_over_balance = isOverBalance });
        output.Table(
            ("Files", $"{total}, of which {_priced + _unpriced} to do and {_done} done or paid for"),
            ("Price", $"{Format(_minutes)} minutes{(_unpriced > 0 ? $", and that of {_unpriced} files whose length is known only when the service has seen them" : string.Empty)}"),
            ("Balance", $"{(balance is { } left ? Format(left) : "unknown")} minutes"));
        if (isOverCap)
        {
            output.Complain($"That is over the cap of --max-minutes {Format(options.MaxMinutes!.Value)}, of which {Format(spent)} are spent.");
        }
        else if (isOverBalance)
        {
            output.Complain("That is more than the balance.");
        }

        return isOverCap || isOverBalance ? ExitCode.Minutes : ExitCode.Success;
    }

    private static string Format(double minutes) => minutes.ToString("0.00", CultureInfo.InvariantCulture);
}
