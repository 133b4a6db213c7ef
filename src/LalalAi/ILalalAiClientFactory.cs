namespace LalalAi;

/// <summary>
/// Creates clients for license keys that are known only at run time, for example one per tenant. All clients use the settings and HTTP
/// handlers of the registration. Each has its own key and its own check budget. Thread-safe.
/// </summary>
public interface ILalalAiClientFactory
{
    /// <summary>
    /// Returns the client for a license key. The same key always returns the same client, whose waits share their checks. Do not dispose
    /// it: <see cref="Remove"/> does, and so does the container.
    /// </summary>
    /// <param name="licenseKey">The license key.</param>
    /// <exception cref="ArgumentException">The key is empty or contains characters that no key has.</exception>
    ILalalAiClient GetClient(string licenseKey);

    /// <summary>
    /// Removes the client for a license key, for example of a tenant that has left. Its waits and calls fail with
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <param name="licenseKey">The license key.</param>
    /// <returns>Whether there was a client for the key.</returns>
    bool Remove(string licenseKey);
}
