using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LalalAi;
using LalalAi.Generated;

namespace Library
{
    public sealed class Acapella(ILalalAiClient client)
    {
        public async Task<string?> MakeAsync(string song, string folder, CancellationToken cancellationToken = default)
        {
            var result = await client.ProcessAsync(song, new StemSeparatorPresets { Stem = Stem.Vocals }, folder, cancellationToken: cancellationToken).ConfigureAwait(false);
            return result.Tracks.Single(track => track.Track.Label == "vocals").File?.Path;
        }
    }
}
