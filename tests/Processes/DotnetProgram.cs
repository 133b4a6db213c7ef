using System.Diagnostics;
using System.Globalization;

namespace LalalAi.Tests.Processes;

/// <summary>How a program is started that has to hear Ctrl-C, whatever the tests themselves were started by.</summary>
internal static class DotnetProgram
{
    private const int Interrupt = 2;

    private static readonly string[] ListeningAgain = ["env", "--default-signal=INT"];

    /// <summary>Starts an assembly, with both outputs redirected.</summary>
    public static ProcessStartInfo Command(string assembly, IEnumerable<string> arguments)
    {
        string[] command = [.. IsInterruptIgnored() ? ListeningAgain : [], "dotnet", assembly, .. arguments];
        return new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    // A shell makes what it runs in the background deaf to Ctrl-C, and what that starts in turn.
    private static bool IsInterruptIgnored()
    {
        var ignored = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return ignored is not null && (ulong.Parse(ignored.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (Interrupt - 1))) != 0;
    }
}
