using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LalalAi;

namespace Library
{
    public sealed class Acapella(ILalalAiClient client)
    {
        public async Task<string?> MakeAsync(string song, string folder, CancellationToken cancellationToken = default)
        {
            var result = await client.ProcessAsync(song, new StemSeparatorPresets { Stem = Stem.Vocals }, folder, cancellationToken: cancellationToken).ConfigureAwait(false);
            return result.Tracks.Single(track => track.Track.Label == "vocals").File?.Path;
        }

        public async Task<IReadOnlyList<TaskState>> WatchAsync(string song, CancellationToken cancellationToken = default)
        {
            var source = await client.UploadAsync(song, cancellationToken: cancellationToken).ConfigureAwait(false);
            var task = await client.StartAsync(source.Id, new DemuserPresets(), cancellationToken: cancellationToken).ConfigureAwait(false);
            var states = new List<TaskState>();
            await foreach (var state in client.WatchAsync(task, cancellationToken).ConfigureAwait(false))
            {
                states.Add(state);
            }

            return states;
        }
    }
}
