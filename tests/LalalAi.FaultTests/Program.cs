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
            await using var client = DownloadProcess.CreateClient();
            var track =
                DownloadProcess.MakeTrack(new Uri(args[0]), args[2] == "-" ? null : long.Parse(args[2], CultureInfo.InvariantCulture));
            var options = new DownloadOptions { ExistingFile = Enum.Parse<ExistingFileBehavior>(args[3]) };
            var file = await client.DownloadAsync(track, args[1], options);
            await Console.Out.WriteLineAsync(file.Path);
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return exception is LalalAiException or TimeoutException ? 1 : 2;
        }
    }
}
