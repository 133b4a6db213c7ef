using LalalAi.Contracts.Comparing;

namespace LalalAi.ContractTool.Commands;

/// <summary>Prints changes for people and sums them up for scripts.</summary>
internal static class ChangeReport
{
    public const int NothingChanged = 0;
    public const int HarmlessChanges = 1;
    public const int BreakingChanges = 2;

    /// <summary>What the exit codes of the comparing commands mean.</summary>
    public const string ExitCodes =
        "Exit codes: 0 no fact changed, 1 additions and harmless changes only, 2 something breaks callers, 3 failed.";

    /// <summary>Prints the changes, those that break callers first, and returns the exit code that sums them up.</summary>
    public static int Print(IReadOnlyList<Change> changes, TextWriter output)
    {
        if (changes.Count == 0)
        {
            output.WriteLine("No fact changed: the contracts differ at most in prose, order and notation.");
            return NothingChanged;
        }

        var breaking = changes.Where(change => change.IsBreaking).ToList();
        PrintGroup("Breaking", breaking, output);
        PrintGroup("Added", changes.Where(change => !change.IsBreaking && change.Kind == ChangeKind.Added), output);
        PrintGroup("Changed", changes.Where(change => !change.IsBreaking && change.Kind != ChangeKind.Added), output);
        output.WriteLine(
            $"{changes.Count} {(changes.Count == 1 ? "change" : "changes")}, {(breaking.Count == 0 ? "none" : breaking.Count)} of them "
                + "breaking.");
        return breaking.Count == 0 ? HarmlessChanges : BreakingChanges;
    }

    private static void PrintGroup(string title, IEnumerable<Change> changes, TextWriter output)
    {
        var lines = changes.Select(change => change.ToString()).Order(StringComparer.Ordinal).ToList();
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine($"{title}:");
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
