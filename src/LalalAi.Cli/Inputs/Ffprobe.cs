using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LalalAi.Cli.Inputs;

/// <summary>Playing times of all formats that ffprobe knows, if it is installed.</summary>
internal static class Ffprobe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static bool _isMissing;

    public static TimeSpan? TryRead(string path)
    {
        if (_isMissing)
        {
            return null;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", "-i", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Timeout))
            {
                process.Kill();
                return null;
            }

            return double.TryParse(output.GetAwaiter().GetResult(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        }
        catch (Win32Exception)
        {
            _isMissing = true;
            return null;
        }
    }
}
