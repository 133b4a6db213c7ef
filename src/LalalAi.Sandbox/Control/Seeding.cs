using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Control;

/// <summary>Gives a license its sources and minutes.</summary>
internal sealed class Seeding(LicenseRegistry licenses, SourceIntake intake, FaultPlans plans)
{
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

        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        if (seed.Sources.Count > 0)
        {
            var song = SandboxSong.Create(seed.Duration);
            foreach (var name in seed.Sources)
            {
                var (source, error) = await intake.TakeAsync(license, name, new MemoryStream(song), plans.InFileName(name), cancellationToken).ConfigureAwait(false);
                made[name] = source?.Id ?? throw new ArgumentException($"'{name}' cannot be taken in: {error!.Body["detail"]}", nameof(seed));
            }
        }

        if (seed.MinutesLeft is { } left)
        {
            license.MinutesLeft = left;
        }

        return made;
    }
}
