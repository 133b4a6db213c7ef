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

    /// <summary>The name of the operation at a path such as <c>/api/v1/split/demuser/</c>.</summary>
    public static string Operation(string path) => path[Http.ApiOperations.Root.Length..].Trim('/').Replace('/', '.');

    private static bool IsStart(string operation) => operation.StartsWith("split.", StringComparison.Ordinal) || operation == "change_voice";
}
