using LalalAi.Sandbox.State;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>The splitters that support each stem.</summary>
internal static class SplitterRules
{
    private const string Newest = "andromeda";
    private const string Phoenix = "phoenix";
    private const string VoiceCleaner = "lynx";
    private const string MusicRemover = "lyra";

    private static readonly string[] PhoenixOnly = ["synthesizer", "strings", "wind"];

    public static Refusal? Check(string splitter, string? stem) => PhoenixOnly.Contains(stem) && splitter != Phoenix
        ? new Refusal($"Stem '{stem}' is available only with the '{Phoenix}' splitter.")
        : null;

    /// <summary>The splitter of a start that does not set one. A check never returns <c>auto</c>.</summary>
    /// <param name="kind">The kind of task.</param>
    /// <param name="stem">The stem, for tasks that have one.</param>
    /// <param name="known">The contract's enumeration of splitters.</param>
    public static string Choose(TaskKind kind, string? stem, IReadOnlyList<JToken> known)
    {
        var choice = kind == TaskKind.VoiceClean ? VoiceCleaner
            : kind == TaskKind.Demuser ? MusicRemover
            : PhoenixOnly.Contains(stem) ? Phoenix
            : Newest;
        return known.Any(value => (string?)value == choice) ? choice : (string)known[0]!;
    }
}
