using System.Globalization;
using LalalAi.FaultTests.Downloads;

namespace LalalAi.FaultTests;

/// <summary>Downloads one track into a folder, as a process of its own.</summary>
internal static class Program
{
    /// <returns>0 after a download, 1 after an exception of the library, 2 after any other.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var (link, folder) = (new Uri(args[0]), args[1]);
            var size = args[2] == "-" ? (long?)null : long.Parse(args[2], CultureInfo.InvariantCulture);
            var options = new DownloadOptions { ExistingFile = Enum.Parse<ExistingFileBehavior>(args[3]) };
            if (args.Length > 4)
            {
                StopAtTheFirstMove(folder, new Uri(args[4]));
            }

            await using var client = DownloadProcess.CreateClient();
            var file = await client.DownloadAsync(DownloadProcess.MakeTrack(link, size), folder, options);
            await Console.Out.WriteLineAsync(file.Path);
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return exception is LalalAiException or TimeoutException ? 1 : 2;
        }
    }

    /// <summary>
    /// Stops the download where the part is to get its name and something has taken it: the runtime reports the exception of the move on
    /// the thread that throws it. A request to the gate reports it in turn, and its response lets the download continue.
    /// </summary>
    private static void StopAtTheFirstMove(string folder, Uri gate)
    {
        var isStopped = 0;
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            if (thrown.Exception is IOException
                && thrown.Exception.Message.Contains(Path.Combine(folder, "song.wav'"), StringComparison.Ordinal)
                && Interlocked.Exchange(ref isStopped, 1) == 0)
            {
                using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
                http.GetAsync(gate).GetAwaiter().GetResult().Dispose();
            }
        };
    }
}
