using LalalAi;

namespace Karaoke;

/// <summary>A small application: it takes the voice out of a song and says so in plain words when it cannot.</summary>
public sealed class KaraokeMaker(ILalalAiClient lalal)
{
    /// <returns>The path of the song without its voice, or what to tell the singer.</returns>
    public async Task<string> MakeAsync(string song, string folder, CancellationToken cancellationToken = default)
    {
        try
        {
            var options = new ProcessOptions { DeleteSource = true };
            var result = await lalal.ProcessAsync(song, new StemSeparatorPresets { Stem = Stem.Vocals }, folder, options, cancellationToken: cancellationToken);
            return result.Tracks.Single(track => track.Track.Label == "no_vocals").File?.Path ?? "The song is ready, but it could not be fetched.";
        }
        catch (LalalAiQuotaException)
        {
            return "No more karaoke today: the minutes are used up.";
        }
        catch (LalalAiTaskException)
        {
            return "Nobody could sing to this one.";
        }
    }
}
