using Snapshooter.NUnit;

namespace LalalAi.Testing;

/// <summary>
/// Compares text with a snapshot that is kept beside the test, in <c>__snapshots__</c>. A missing snapshot fails, like a different one. The environment variable
/// <c>ACCEPT_SNAPSHOTS=true</c> takes what the tests produce as the new snapshots: look at the difference before committing it.
/// </summary>
public static class SnapshotAssert
{
    private static readonly bool Accepts = Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "true";

    static SnapshotAssert() => Environment.SetEnvironmentVariable("SNAPSHOOTER_STRICT_MODE", Accepts ? "false" : "true");

    /// <summary>Fails unless <paramref name="text"/> equals the snapshot called <paramref name="name"/>.</summary>
    public static void Matches(string text, string name)
    {
        var normalized = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var file = Path.Combine(Snapshot.FullName(name).FolderPath, "__snapshots__", name + ".snap");
        if (Accepts && File.Exists(file))
        {
            File.Delete(file);
        }

        try
        {
            Snapshot.Match(normalized, Snapshot.FullName(name));
        }
        catch (Exception exception) when (!Accepts)
        {
            throw new AssertionException($"The snapshot {name} is missing or differs. If the change is meant, run the tests once with ACCEPT_SNAPSHOTS=true and look at the difference.\n{exception.Message}", exception);
        }
    }
}
