using System.Text.RegularExpressions;

namespace LalalAi.ContractTool.Lowering;

/// <summary>
/// Turns the wire's names into C#'s: <c>split/voice_clean</c> becomes <c>SplitVoiceClean</c>. Names reach generated code as they are, so
/// only ASCII letters and digits are allowed in them.
/// </summary>
internal static partial class CSharpName
{
    /// <summary>
    /// The C# name, or null when a character is not allowed that may be part of a word, or when the rest is not a C# name.
    /// </summary>
    public static string? From(string name)
    {
        var pascalCase = string.Concat(Words().Matches(name).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));
        return name.All(char.IsAscii) && IsValid(pascalCase) ? pascalCase : null;
    }

    /// <summary>Whether a name may stand in generated code as a type or a member.</summary>
    public static bool IsValid(string name) => Identifier().IsMatch(name);

    public static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]{0,119}\z")]
    private static partial Regex Identifier();
}
