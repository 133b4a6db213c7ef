using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;

namespace LalalAi.Cli.Diagnosis;

/// <summary>Diagnoses the environment of the program on this machine.</summary>
internal static class LocalDiagnosis
{
    private const long LittleSpace = 1_000_000_000;

    public static IEnumerable<Finding> Run(Output output, ProgramContext context, string directory)
    {
        yield return new Finding(
            "Version",
            FindingStatus.Ok,
            $"lalalai {Version}, {RuntimeInformation.FrameworkDescription}, "
                + $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})");
        yield return DescribeTerminal(output, context);
        yield return DescribeDisk(directory);
        yield return DescribeProgram("ffmpeg", "The sandbox encodes and decodes fewer formats. The service is not affected.");
        yield return DescribeProgram("ffprobe", "--dry-run cannot price WMA, AAC, MKV, AVI and other formats before the upload.");
    }

    private static string Version =>
        typeof(LocalDiagnosis).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Finding DescribeTerminal(Output output, ProgramContext context)
    {
        var profile = output.Console.Profile;
        var size = string.Create(CultureInfo.InvariantCulture, $"{profile.Width} columns, {profile.Height} lines");
        var term = context.Variable("TERM") is { } name ? $"TERM={name}" : "TERM is not set";
        return new Finding(
            "Terminal",
            FindingStatus.Ok,
            output.IsPlain ? $"lines, because standard error cannot move a cursor ({term})" : $"progress bars, {size} ({term})");
    }

    private static Finding DescribeDisk(string directory)
    {
        try
        {
            var free = new DriveInfo(directory).AvailableFreeSpace;
            return free < LittleSpace
                ? new Finding(
                    "Disk",
                    FindingStatus.Warning,
                    $"{CellText.Bytes(free)} free for {directory}",
                    "Make room, or choose another output folder with -o.")
                : new Finding("Disk", FindingStatus.Ok, $"{CellText.Bytes(free)} free for {directory}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("Disk", FindingStatus.Warning, $"free space of {directory} is unknown: {exception.Message}");
        }
    }

    private static Finding DescribeProgram(string name, string consequence)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(name, ["-version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var version = process.StandardOutput.ReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Finding(name, FindingStatus.Ok, version?.Split(" Copyright")[0] ?? "found");
        }
        catch (Win32Exception)
        {
            return new Finding(name, FindingStatus.Warning, "not found", $"{consequence} Install ffmpeg to change that.");
        }
    }
}
