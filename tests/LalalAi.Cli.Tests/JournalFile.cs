using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>A journal as its documentation describes it, read without the program.</summary>
internal static class JournalFile
{
    public static string PathIn(string directory) => Path.Combine(directory, "lalalai.journal.jsonl");

    /// <summary>The entries of a type. A line that is not complete, because a process is writing it or was killed, is left out.</summary>
    public static IReadOnlyList<JObject> Entries(string directory, string type) =>
        [.. File.ReadAllText(PathIn(directory)).Split('\n')[..^1].Select(JObject.Parse).Where(entry => (string?)entry["type"] == type)];

    /// <summary>An entry as a line.</summary>
    public static string Line(object entry) => JsonConvert.SerializeObject(entry) + "\n";
}
