
namespace LalalAi.Sandbox.Tests;

/// <summary>A client that shares no code with this project.</summary>
[Platform(Exclude = "Win", Reason = "Runs a shell script.")]
internal sealed class CurlTests
{
    [Test]
    public async Task Curl_uploads_splits_checks_downloads_in_two_pieces_and_deletes()
    {
        TestProcess.Require("curl");
        var folder = Directory.CreateTempSubdirectory("lalalai-tests-");
        try
        {
            var song = Path.Combine(folder.FullName, "song.wav");
            await File.WriteAllBytesAsync(song, SandboxSong.Create(TimeSpan.FromSeconds(1)));
            await using var server = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
            using var shell = TestProcess.Start(
                "/bin/sh",
                [Path.Combine(AppContext.BaseDirectory, "curl.sh"), $"{server.BaseAddress}".TrimEnd('/'), server.LicenseKey, song, folder.FullName]);

            Assert.That((await shell.ExitAsync(), shell.Errors), Is.EqualTo((0, "")));
            Assert.That(shell.Output.Trim(), Is.EqualTo("{}"), "The response to a deletion.");
            Assert.That(new FileInfo(Path.Combine(folder.FullName, "vocals.wav")).Length, Is.EqualTo(new FileInfo(song).Length));
            Assert.That(
                server.Requests.Select(request => (request.Operation, request.Status)),
                Is.EqualTo(new (string?, int?)[] { ("upload", 200), ("split.stem_separator", 200), ("check", 200), ("download", 206), ("download", 206), ("delete", 200) }));
            Assert.That(server.GetReport(), Has.Property(nameof(UsageReport.LicenseKeysMisplaced)).Zero.And.Property(nameof(UsageReport.SourcesNeverDeleted)).Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
