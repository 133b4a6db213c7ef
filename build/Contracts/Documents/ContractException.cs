namespace LalalAi.Contracts.Documents;

/// <summary>
/// Something in a contract or overlay that must be mended by a person: where it is, what is wrong, what to do.
/// </summary>
public sealed class ContractException(string code, string message, SourceLocation? location = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The stable code that the message is known by, for example <c>LC0201</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Where the offending text stands, as far as it is known.</summary>
    public SourceLocation? Location { get; } = location;

    /// <summary>The message in the form that MSBuild and IDEs turn into a clickable error.</summary>
    public string ToCanonicalMessage(string fallbackFile) =>
        $"{Location?.ToString() ?? fallbackFile} : error {Code}: {PrintableText.Of(Message)}";
}
