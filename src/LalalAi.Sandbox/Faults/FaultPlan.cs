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
        var entries = _grammar.Parse(faults, _times);
        lock (_lock)
        {
            if (_entries.Count + entries.Count > MaxEntries)
            {
                throw new FaultPlanException($"A plan has at most {MaxEntries} entries. Use 'times' to let one strike more often, or clear the plan.");
            }

            _entries.AddRange(entries.Select(entry => new Planned(entry)));
        }
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
