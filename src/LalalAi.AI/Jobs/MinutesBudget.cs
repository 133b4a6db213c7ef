using System.Globalization;

namespace LalalAi.AI.Jobs;

/// <summary>
/// The minutes that may ever be spent on a folder. A job reserves its price when it is accepted, if the price is known, and again before
/// its start. After the start, the store counts it.
/// </summary>
internal sealed class MinutesBudget(double maximum, AgentJobStore store)
{
    // The rounding error of sums of sixtieths.
    private const double Tolerance = 1e-6;

    private readonly Dictionary<string, double> _reserved = [];

    /// <summary>The minutes that are neither spent nor reserved, or <see langword="null"/> if the spent minutes are not known.</summary>
    public double? Left => store.MinutesSpent is { } spent ? Math.Max(0, maximum - spent - _reserved.Values.Sum()) : null;

    /// <summary>Reserves the price of a job, and replaces its earlier reservation.</summary>
    /// <param name="job">The job.</param>
    /// <param name="minutes">The price, or <see langword="null"/> if it is not known before the upload.</param>
    /// <exception cref="LalalAiFunctionException">The budget does not cover it.</exception>
    public void Reserve(string job, double? minutes)
    {
        _reserved.Remove(job);
        if (Left is not { } left)
        {
            throw new LalalAiFunctionException(
                "The price of a task that was started into the output folder is not known, so the budget cannot be checked. "
                + "A person has to choose another output folder.");
        }

        if ((minutes ?? 0) > left + Tolerance || left <= Tolerance)
        {
            throw new LalalAiFunctionException(
                $"Nothing was started: the job costs {Text(minutes)} minutes, and {Text(left)} of the budget of {Text(maximum)} are left. "
                + "Only a person can raise the budget.");
        }

        _reserved[job] = minutes ?? 0;
    }

    /// <summary>Ends a reservation, because the store counts the job or the job does not start.</summary>
    public void Release(string job) => _reserved.Remove(job);

    private static string Text(double? minutes) => minutes?.ToString("0.###", CultureInfo.InvariantCulture) ?? "an unknown number of";
}
