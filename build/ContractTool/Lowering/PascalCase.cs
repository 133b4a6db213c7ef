namespace LalalAi.ContractTool.Lowering;

/// <summary>Turns the wire's names into C#'s: <c>split/voice_clean</c> becomes <c>SplitVoiceClean</c>.</summary>
internal static class PascalCase
{
    public static string From(string name)
    {
        var words = string.Concat(name.Select(character => char.IsLetterOrDigit(character) ? character : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
