using LalalAi;

namespace Karaoke;

/// <summary>A small application: it removes the voice from a song, and tells its user in plain words if it cannot.</summary>
public sealed class KaraokeMaker(ILalalAiClient lalal)
{
    /// <returns>The path of the song without its voice, or a message for the user.</returns>
    public async Task<string> MakeAsync(string song, string folder, CancellationToken cancellationToken = default)
    {
        try
        {
            var presets = new StemSeparatorPresets { Stem = Stem.Vocals };
            var options = new ProcessOptions { DeleteSource = true };
            var result = await lalal.ProcessAsync(song, presets, folder, options, cancellationToken: cancellationToken);
            var track = result.Tracks.Single(track => track.Track.Label == "no_vocals");
            return track.File?.Path ?? "The song is ready, but it could not be downloaded.";
        }
        catch (LalalAiQuotaException)
        {
            return "No more karaoke today: no minutes are left.";
        }
        catch (LalalAiTaskException)
        {
            return "This song could not be split.";
        }
    }
}
