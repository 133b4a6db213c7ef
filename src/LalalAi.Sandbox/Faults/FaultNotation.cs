using System.Text.RegularExpressions;

namespace LalalAi.Sandbox.Faults;

/// <summary>Finds fault plans in license keys and file names.</summary>
internal static partial class FaultNotation
{
    /// <summary>The plan in a text such as <c>song.fault(missing-task;times=2).wav</c>; null when there is none.</summary>
    public static string? Find(string text) => Parentheses().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>
    /// The plan in a file name: one in parentheses, or the short form for a task that fails, such as <c>fail-inference_error.wav</c>.
    /// </summary>
    public static string? FindInFileName(string name) =>
        Failure().Match(name) is { Success: true } failure ? $"{FaultKind.TaskError}={failure.Groups[1].Value}" : Find(name);

    [GeneratedRegex(@"fault\(([^()]*)\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"^fail-(\w+)(\.[^.]*)?$")]
    private static partial Regex Failure();
}
