using System.Text;
using LalalAi.Contracts.Documents;

namespace LalalAi.Contracts.Downloads;

/// <summary>A new contract as it was received.</summary>
public sealed record ContractSource(string Name, string Text)
{
    /// <summary>Reads a file, or downloads what an address leads to.</summary>
    public static async Task<ContractSource> GetAsync(string source, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isAddress =
            Uri.TryCreate(source, UriKind.Absolute, out var address) && !address.IsFile && source.Contains("://", StringComparison.Ordinal);
        var content = isAddress
            ? await new ContractDownload(timeout, DocumentLimits.Bytes).GetAsync(address!, cancellationToken).ConfigureAwait(false)
            : ReadFile(source);
        var text = Decode(source, content);
        return text.TrimStart().StartsWith('<') ? throw HtmlPage(source) : new ContractSource(source, text);
    }

    public static ContractException HtmlPage(string source) =>
        new(
            "LC0403",
            $"{source} is a web page, not an OpenAPI document. Pass the address of the YAML or JSON itself: on many sites it is behind "
                + "`Download` or `Raw`.");

    private static byte[] ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length > DocumentLimits.Bytes
                ? throw DocumentLimits.TooLarge(new SourceLocation(path, 1, 1))
                : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ContractException(
                "LC0001", $"The file cannot be read: {exception.Message}", new SourceLocation(path, 1, 1), exception);
        }
    }

    private static string Decode(string source, byte[] content)
    {
        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return strict.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new ContractException(
                "LC0405",
                $"{source} is not text in UTF-8. Is it compressed, or another kind of file? Save it as UTF-8 and pass the file.",
                null,
                exception);
        }
    }
}
