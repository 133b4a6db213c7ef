namespace LalalAi.Sandbox.Faults;

/// <summary>
/// The requests that a fault applies to: an operation, named by its path with dots for slashes, downloads, or a group of these.
/// </summary>
internal static class FaultScope
{
    public const string Any = "any";
    public const string Start = "start";
    public const string Check = "check";
    public const string Download = "download";

    /// <summary>Whether one scope contains another.</summary>
    public static bool Covers(string scope, string other) => scope == Any || scope == other || (scope == Start && IsStart(other));

    /// <summary>The scope of an entry that does not set one: the narrowest scope of its faults.</summary>
    public static string Default(IEnumerable<Fault> faults) => faults.Select(fault => fault.Kind.Scope).MinBy(scope => scope == Any)!;

    private static bool IsStart(string operation) =>
        operation.StartsWith("split.", StringComparison.Ordinal) || operation == "change_voice";
}
