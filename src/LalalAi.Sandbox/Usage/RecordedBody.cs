using System.Text;

namespace LalalAi.Sandbox.Usage;

/// <summary>The JSON of a request or a response.</summary>
/// <param name="Bytes">Its beginning, in UTF-8.</param>
/// <param name="Length">Its whole length in bytes.</param>
internal sealed record RecordedBody(ReadOnlyMemory<byte> Bytes, int Length)
{
    private const int MaxBytes = 128 * 1024;

    /// <summary>A body without the license key that its request carried.</summary>
    public static RecordedBody Of(byte[] json, string? licenseKey)
    {
        if (licenseKey is { Length: > 0 }
            && MaskedKey.Of(licenseKey) is var masked
            && masked != licenseKey
            && json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(licenseKey)) >= 0)
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace(licenseKey, masked, StringComparison.Ordinal));
        }

        // A copy of a part does not keep the whole alive.
        return new RecordedBody(json.Length <= MaxBytes ? json : json[..MaxBytes], json.Length);
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
