using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Usage;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>A recorded request as a command for a POSIX shell.</summary>
internal static class CurlCommand
{
    private const string KeyVariable = "$LALALAI_LICENSE_KEY";

    /// <returns>
    /// Null for a request that cannot be repeated: the queries of download links, with their signatures, are not recorded.
    /// </returns>
    public static string? Create(Uri baseAddress, RequestEntry entry)
    {
        var request = entry.Known;
        if (!request.Path.StartsWith(OperationContract.Root, StringComparison.Ordinal))
        {
            return null;
        }

        var arguments = new List<string> { $"curl -X {request.Method} {Quote(new Uri(baseAddress, request.Path).AbsoluteUri)}" };
        if (request.LicenseKey is { } key)
        {
            arguments.Add(MaskedKey.IsMasked(key)
                ? $"-H \"{ServiceHeaders.LicenseKey}: {KeyVariable}\""
                : $"-H {Quote($"{ServiceHeaders.LicenseKey}: {key}")}");
        }

        arguments.AddRange(entry.Headers.Select(header => $"-H {Quote($"{header.Key}: {header.Value}")}"));
        if (entry.RequestBody is { IsCut: false } body)
        {
            arguments.Add($"--data-raw {Quote(body.Text)}");
        }
        else if (request.RequestSize > 0)
        {
            arguments.Add("--data-binary @FILE");
        }

        return string.Join(" \\\n  ", arguments);
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
