namespace LalalAi.Sandbox.Faults;

/// <summary>Where a fault strikes: an operation, named by its path with dots for slashes, a download, or a group of these.</summary>
internal static class FaultScope
{
    public const string Any = "any";
    public const string Start = "start";
    public const string Check = "check";
    public const string Download = "download";

    /// <summary>Whether all that one scope means is in the other.</summary>
    public static bool Covers(string scope, string other) => scope == Any || scope == other || (scope == Start && IsStart(other));

    /// <summary>Where faults strike unless their entry says where: the fault that strikes in the fewest places decides.</summary>
    public static string Default(IEnumerable<Fault> faults) => faults.Select(fault => fault.Kind.Scope).MinBy(scope => scope == Any)!;

    private static bool IsStart(string operation) =>
        operation.StartsWith("split.", StringComparison.Ordinal) || operation == "change_voice";
}
