using System.ComponentModel;
using System.Diagnostics;

namespace LalalAi.Cli.Display;

/// <summary>Opens pages in the user's browser.</summary>
internal static class Browser
{
    /// <summary>Opens a page, or asks the user to open it if that is not possible.</summary>
    public static void Open(Uri page, Output output)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            output.Say($"No browser could be opened. Open {page} yourself.");
        }
    }
}
