using System.Security.Cryptography;
using System.Text;

namespace LalalAi;

/// <summary>Creates idempotency keys.</summary>
public static class IdempotencyKey
{
    /// <summary>
    /// Derives a key from names. The same names always produce the same key, so a job with a stable name is not paid for twice, even if
    /// its stored state is lost. Include a name for the license, and a generation that only a person increases, because
    /// a key can start only one task.
    /// </summary>
    /// <param name="names">The names, in order. <c>("a", "b")</c> and <c>("ab")</c> are different.</param>
    /// <returns>A UUID in the form of version 4, derived from the SHA-256 hash of the names.</returns>
    /// <exception cref="ArgumentException">The list is empty, or a name is <see langword="null"/>.</exception>
    public static Guid Derive(params string[] names)
    {
        if (names is not { Length: > 0 } || Array.Exists(names, name => name is null))
        {
            throw new ArgumentException("A key is derived from one or more names, none of which is null.", nameof(names));
        }

        // The length precedes each name, so that different lists of names produce different texts.
        var text = string.Concat(names.Select(name => FormattableString.Invariant($"{name.Length}:{name}")));
#if NET
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
#else
        using var sha256 = SHA256.Create();
        var hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(text));
#endif
        var hex = string
            .Concat(hash.Take(16).Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))
            .ToCharArray();
        hex[12] = '4';
        hex[16] = "89ab"[hash[8] & 3];
        return Guid.ParseExact(new string(hex), "N");
    }
}
