using System.Text.RegularExpressions;
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

    /// <summary>Appends the journal of another directory, which has one job. The result has a work for each order of stems.</summary>
    public static void Append(string directory, string other) => File.AppendAllText(
        PathIn(directory), Regex.Replace(File.ReadAllText(PathIn(other)), "\"(work|job)\":1", "\"$1\":2"));

    /// <summary>An entry as a line.</summary>
    public static string Line(object entry) => JsonConvert.SerializeObject(entry) + "\n";
}
