using LalalAi.Sandbox.Faults;

namespace LalalAi.Sandbox;

/// <summary>
/// What goes wrong, in which order. Each request takes the first entry that is meant for it and is not used up, so that entries for one operation strike
/// one after another. Safe for concurrent use.
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

    /// <summary>The entries in their order, with what they have done so far: a copy.</summary>
    public IReadOnlyList<PlannedFault> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Select(planned => new PlannedFault(planned.Entry.Text, planned.Struck, planned.Left))];
            }
        }
    }

    /// <summary>Adds entries at the end, such as <c>status=503;on=check;times=2</c>. Each strikes once unless it says otherwise.</summary>
    /// <param name="faults">One or more entries with commas between them.</param>
    /// <exception cref="FormatException">The text is no plan; the message says where and what to write.</exception>
    public void Add(string faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        Add(_grammar.Parse(faults, _times));
    }

    /// <summary>Adds an entry at the end.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="on">Where. <see langword="null"/>, the default, means wherever the fault makes sense: see the documentation of the sandbox.</param>
    /// <param name="times">How many requests it strikes. 1 by default; <see langword="null"/> for all.</param>
    /// <param name="skip">How many requests it lets through first. 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1, or <paramref name="skip"/> is negative.</exception>
    /// <exception cref="FormatException">There is no such operation, or the fault cannot strike there.</exception>
    public void Add(Fault fault, SandboxOperation? on = null, int? times = 1, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Add([fault], on, times, skip);
    }

    /// <summary>Adds an entry of several faults at the end. All of them strike the same request.</summary>
    /// <param name="faults">What goes wrong, such as a delay and then a status.</param>
    /// <param name="on">Where. <see langword="null"/>, the default, means wherever the faults make sense.</param>
    /// <param name="times">How many requests they strike. 1 by default; <see langword="null"/> for all.</param>
    /// <param name="skip">How many requests they let through first. 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1, or <paramref name="skip"/> is negative.</exception>
    /// <exception cref="ArgumentException"><paramref name="faults"/> is empty.</exception>
    /// <exception cref="FormatException">There is no such operation, or one of the faults cannot strike there.</exception>
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

    /// <summary>The entry that strikes a request to an operation, counted as used; null when none does.</summary>
    internal FaultEntry? Strike(string operation)
    {
        lock (_lock)
        {
            return _entries.FirstOrDefault(planned => planned.Strikes(operation))?.Entry;
        }
    }

    private void Add(IReadOnlyList<FaultEntry> entries)
    {
        lock (_lock)
        {
            if (_entries.Count + entries.Count > MaxEntries)
            {
                throw new FaultPlanException($"A plan has at most {MaxEntries} entries. Use 'times' to let one strike more often, or clear the plan.");
            }

            _entries.AddRange(entries.Select(entry => new Planned(entry)));
        }
    }

    private sealed class Planned(FaultEntry entry)
    {
        private int _seen;

        public FaultEntry Entry => entry;

        public int Struck { get; private set; }

        public int? Left => entry.Times - Struck;

        public bool Strikes(string operation)
        {
            if (!FaultScope.Covers(entry.Scope, operation) || Left == 0 || _seen++ < entry.Skip)
            {
                return false;
            }

            Struck++;
            return true;
        }
    }
}
