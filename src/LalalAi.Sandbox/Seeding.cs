using System.Security.Cryptography;
using System.Text;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.State;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox;

/// <summary>Creates the sources, running tasks and minutes of a license key.</summary>
internal sealed class Seeding(LicenseRegistry licenses, SourceStore sources, FaultPlanRegistry plans, StartRequestReader reader)
{
    private const int MostTasks = 100_000;

    private static readonly TimeSpan LongestSources = TimeSpan.FromHours(4);
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(365);

    public async Task<SeededLicense> ApplyAsync(SandboxSeed seed, CancellationToken cancellationToken)
    {
        Validate(seed);
        var license = licenses.Find(seed.LicenseKey ?? licenses.AnyKey)
            ?? throw new ArgumentException("The license key is not accepted by this sandbox.", nameof(seed));
        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var name in seed.Sources)
        {
            // A different song for each name.
            var song = SandboxSong.Create(
                seed.Duration, BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))) & int.MaxValue);
            var upload = new Upload(name, song, Stream.Null);
            var (source, refusal) = await sources.AddAsync(
                license, upload, plans.InFileName(name), cancellationToken).ConfigureAwait(false);
            made[name] = source?.Id ?? throw new ArgumentException($"The source '{name}' was refused: {refusal!.Detail}", nameof(seed));
        }

        var tasks = license.Run(Enumerable.Repeat(made.Values, seed.RunningTasks).SelectMany(ids => ids).Select(Read), seed.RunningTime);
        if (seed.MinutesLeft is { } left)
        {
            license.MinutesLeft = left;
        }

        return new SeededLicense(made, tasks);
    }

    private static void Validate(SandboxSeed seed)
    {
        if (seed.MinutesLeft is { } minutes && (!(minutes >= 0) || double.IsInfinity(minutes)))
        {
            throw new ArgumentException("The minutes must be a finite number, 0 or more.", nameof(seed));
        }

        if (seed.Sources is null
            || seed.Sources.Any(string.IsNullOrWhiteSpace)
            || seed.Sources.Distinct(StringComparer.Ordinal).Count() != seed.Sources.Count)
        {
            throw new ArgumentException("Each source needs a name of its own.", nameof(seed));
        }

        if (seed.Sources.Count * seed.Duration.TotalSeconds > LongestSources.TotalSeconds)
        {
            throw new ArgumentException(
                $"All sources together may last {LongestSources.TotalHours:0} hours. Make fewer or shorter ones.", nameof(seed));
        }

        if (seed.RunningTasks < 0 || (long)seed.RunningTasks * seed.Sources.Count > MostTasks)
        {
            throw new ArgumentException($"There can be from 0 to {MostTasks} running tasks.", nameof(seed));
        }

        if (seed.RunningTasks > 0 && seed.Sources.Count == 0)
        {
            throw new ArgumentException("Running tasks need a source. Name at least one.", nameof(seed));
        }

        if (seed.RunningTime < TimeSpan.Zero || seed.RunningTime > LongestRun)
        {
            throw new ArgumentException($"The running time must be from 0 to {LongestRun.TotalDays:0} days.", nameof(seed));
        }
    }

    private StartRequest Read(Guid sourceId) =>
        reader.Read(
            new JObject { ["source_id"] = sourceId, ["presets"] = new JObject { ["stem"] = "vocals" } }, TaskKind.StemSeparator).Request!;
}
