using System.Security.Cryptography;
using System.Text;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Control;

/// <summary>Gives a license its sources and minutes.</summary>
internal sealed class Seeding(LicenseRegistry licenses, SourceIntake intake, FaultPlans plans)
{
    private static readonly TimeSpan LongestSources = TimeSpan.FromHours(4);

    public async Task<IReadOnlyDictionary<string, Guid>> ApplyAsync(SandboxSeed seed, CancellationToken cancellationToken)
    {
        var license = licenses.Find(seed.LicenseKey ?? licenses.AnyKey) ?? throw new ArgumentException("The license key is not accepted by this sandbox.", nameof(seed));
        if (seed.MinutesLeft is { } minutes && (!(minutes >= 0) || double.IsInfinity(minutes)))
        {
            throw new ArgumentException("The minutes must be a finite number, 0 or more.", nameof(seed));
        }

        if (seed.Sources.Any(string.IsNullOrWhiteSpace) || seed.Sources.Distinct(StringComparer.Ordinal).Count() != seed.Sources.Count)
        {
            throw new ArgumentException("Each source needs a name of its own.", nameof(seed));
        }

        if (seed.Sources.Count * seed.Duration > LongestSources)
        {
            throw new ArgumentException($"All sources together may last {LongestSources.TotalHours:0} hours. Make fewer or shorter ones.", nameof(seed));
        }

        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var name in seed.Sources)
        {
            // A song of its own for each name.
            var song = SandboxSong.Create(seed.Duration, BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))) & int.MaxValue);
            var upload = new Upload(name, song, Stream.Null);
            var (source, error) = await intake.TakeAsync(license, upload, plans.InFileName(name), cancellationToken).ConfigureAwait(false);
            made[name] = source?.Id ?? throw new ArgumentException($"The source '{name}' was refused: {error!.Body["detail"]}", nameof(seed));
        }

        if (seed.MinutesLeft is { } left)
        {
            license.MinutesLeft = left;
        }

        return made;
    }
}
