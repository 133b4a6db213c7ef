using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LalalAi.Sandbox.Links;

/// <summary>Creates and verifies the signatures of download links. Links cannot be guessed or extended.</summary>
internal sealed class LinkSigner
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public string Sign(Guid taskId, string label, long expires)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{taskId:D}\n{label}\n{expires}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));
    }

    public bool Verify(string signature, Guid taskId, string label, long expires) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(taskId, label, expires)));
}
