using LalalAi.Sandbox.Faults;

namespace LalalAi.Sandbox;

/// <summary>
/// The faults to inject, in order. The first entry that matches a request and is not used up applies to it. Entries for the same
/// operation therefore apply one after another. Thread-safe.
/// </summary>
public sealed class FaultPlan
{
    private const int MaxEntries = 10_000;

    private readonly FaultGrammar _grammar;
    private readonly int? _times;
    private readonly Lock _lock = new();
    private readonly List<Planned> _entries = [];

    internal FaultPlan(FaultGrammar grammar, int? times)
    {
        _grammar = grammar;
        _times = times;
    }

    /// <summary>A copy of the entries, with the number of requests that each was applied to.</summary>
    public IReadOnlyList<PlannedFault> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Select(planned => new PlannedFault(planned.Entry.Text, planned.Applied, planned.Remaining))];
            }
        }
    }

    /// <summary>
    /// Adds entries in the text grammar, such as <c>status=503;on=check;times=2</c>. Each applies to one request unless <c>times</c> is
    /// set.
    /// </summary>
    /// <param name="faults">One or more entries, separated by commas.</param>
    /// <exception cref="FormatException">The text is not valid. The message names the entry and what to write instead.</exception>
    public void Add(string faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        Add(_grammar.Parse(faults, _times));
    }

    /// <summary>Adds a fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="on">
    /// The operation. <see langword="null"/>, the default, means every operation that supports the fault.
    /// </param>
    /// <param name="times">The number of requests that the fault applies to. 1 by default; <see langword="null"/> for all.</param>
    /// <param name="skip">The number of requests to skip first. 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> is less than 1, or <paramref name="skip"/> is negative.
    /// </exception>
    /// <exception cref="FormatException">The operation does not exist, or does not support the fault.</exception>
    public void Add(Fault fault, SandboxOperation? on = null, int? times = 1, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Add([fault], on, times, skip);
    }

    /// <summary>Adds several faults that apply to the same request.</summary>
    /// <param name="faults">The faults, such as a delay and a status.</param>
    /// <param name="on">
    /// The operation. <see langword="null"/>, the default, means every operation that supports the faults.
    /// </param>
    /// <param name="times">The number of requests that the faults apply to. 1 by default; <see langword="null"/> for all.</param>
    /// <param name="skip">The number of requests to skip first. 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="times"/> is less than 1, or <paramref name="skip"/> is negative.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="faults"/> is empty.</exception>
    /// <exception cref="FormatException">The operation does not exist, or does not support one of the faults.</exception>
    public void Add(IReadOnlyList<Fault> faults, SandboxOperation? on = null, int? times = 1, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentOutOfRangeException.ThrowIfLessThan(times ?? 1, 1, nameof(times));
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        if (faults.Count == 0)
        {
            throw new ArgumentException("Give at least one fault.", nameof(faults));
        }

        Add([_grammar.Create([.. faults], on?.Name, skip, times)]);
    }

    /// <summary>Removes all entries.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    /// <summary>Takes the entry that applies to a request, and counts it; null when no entry applies.</summary>
    internal FaultEntry? Take(string operation)
    {
        lock (_lock)
        {
            return _entries.FirstOrDefault(planned => planned.TryTake(operation))?.Entry;
        }
    }

    private void Add(IReadOnlyList<FaultEntry> entries)
    {
        lock (_lock)
        {
            if (_entries.Count + entries.Count > MaxEntries)
            {
                throw new FaultPlanException(
                    $"A plan has at most {MaxEntries} entries. Use 'times' to apply an entry to more requests, or clear the plan.");
            }

            _entries.AddRange(entries.Select(entry => new Planned(entry)));
        }
    }

    private sealed class Planned(FaultEntry entry)
    {
        private int _seen;

        public FaultEntry Entry => entry;

        public int Applied { get; private set; }

        public int? Remaining => entry.Times - Applied;

        public bool TryTake(string operation)
        {
            if (!FaultScope.Covers(entry.Scope, operation) || Remaining == 0 || _seen++ < entry.Skip)
            {
                return false;
            }

            Applied++;
            return true;
        }
    }
}
