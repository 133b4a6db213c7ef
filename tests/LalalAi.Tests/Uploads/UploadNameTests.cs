using LalalAi.Sandbox;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Uploads;

/// <summary>File names of uploads: what the client sends, and what the sandbox reads.</summary>
public sealed class UploadNameTests
{
    private static readonly string Notes = string.Concat(Enumerable.Repeat("🎵", 100));

    private static IEnumerable<TestCaseData> Names()
    {
        yield return Name("plain", "song.mp3", "song.mp3", "filename=\"song.mp3\"");
        yield return Name("blanks and brackets", "my song (live) [2024].mp3", "my song (live) [2024].mp3", "filename=\"my song (live) [2024].mp3\"");
        yield return Name("what separates parameters", "a;b=c,d.mp3", "a;b=c,d.mp3", "filename=\"a;b=c,d.mp3\"");
        yield return Name("what looks like an encoded word", "=?utf-8?B?c29uZw==?=.mp3", "=?utf-8?B?c29uZw==?=.mp3", "filename=\"=?utf-8?B?c29uZw==?=.mp3\"");
        yield return Name("quotes", "say \"hi\".mp3", "say \"hi\".mp3", "filename*=utf-8''say%20%22hi%22.mp3");
        yield return Name("an apostrophe and a percent", "it's 100%.mp3", "it's 100%.mp3", "filename*=utf-8''it%27s%20100%25.mp3");
        yield return Name("a percent code that is none", "a%2Fb.mp3", "a%2Fb.mp3", "filename*=utf-8''a%252Fb.mp3");
        yield return Name("umlauts", "Übung für Elise.flac", "Übung für Elise.flac", "filename*=utf-8''%C3%9Cbung%20f%C3%BCr%20Elise.flac");
        yield return Name("emoji", "🎵.mp3", "🎵.mp3", "filename*=utf-8''%F0%9F%8E%B5.mp3");
        yield return Name("half an emoji", "a\ud83c.mp3", "a\ufffd.mp3", "filename*=utf-8''a%EF%BF%BD.mp3");
        yield return Name("a line break", "a\r\nX-Evil: 1.mp3", "aX-Evil: 1.mp3", "filename=\"aX-Evil: 1.mp3\"");
        yield return Name("other control characters", "a\tb\0c\u0085.mp3", "abc.mp3", "filename=\"abc.mp3\"");
        yield return Name("an absolute path", "/etc/passwd", "passwd", "filename=\"passwd\"");
        yield return Name("a path of Windows", @"C:\Users\me\y.mp3", "y.mp3", "filename=\"y.mp3\"");
        yield return Name("a way out", "../../evil.mp3", "evil.mp3", "filename=\"evil.mp3\"");
        yield return Name("a mixed path", @"a/b\c.mp3", "c.mp3", "filename=\"c.mp3\"");
        yield return Name("blanks around", "  song.mp3 \u00a0", "song.mp3", "filename=\"song.mp3\"");
        yield return Name("a hidden file", ".mp3", ".mp3", "filename=\".mp3\"");
        yield return Name("a tilde", "~song~.mp3", "~song~.mp3", "filename=\"~song~.mp3\"");
        yield return Name("255 letters", $"{new string('a', 251)}.mp3", $"{new string('a', 251)}.mp3", $"filename=\"{new string('a', 251)}.mp3\"");
        yield return Name("300 letters", $"{new string('a', 300)}.mp3", $"{new string('a', 251)}.mp3", $"filename=\"{new string('a', 251)}.mp3\"");
        yield return Name("300 umlauts", $"{new string('ü', 300)}.flac", $"{new string('ü', 125)}.flac", $"filename*=utf-8''{string.Concat(Enumerable.Repeat("%C3%BC", 125))}.flac");
        yield return Name("100 emoji, none of them halved", $"{Notes}.mp3", $"{Notes[..124]}.mp3", $"filename*=utf-8''{string.Concat(Enumerable.Repeat("%F0%9F%8E%B5", 62))}.mp3");
        yield return Name("half an emoji at the end", "a\ud83c", "a\ufffd", "filename*=utf-8''a%EF%BF%BD");
        yield return Name("an extension that leaves room for a letter", $"abc.{new string('x', 253)}", $"a.{new string('x', 253)}", $"filename=\"a.{new string('x', 253)}\"");
        yield return Name("an extension that leaves no room", $"abc.{new string('x', 254)}", $"abc.{new string('x', 251)}", $"filename=\"abc.{new string('x', 251)}\"");
        yield return Name("nothing but an extension", $".{new string('x', 300)}", $".{new string('x', 254)}", $"filename=\".{new string('x', 254)}\"");
        yield return Name("no extension", new string('x', 300), new string('x', 255), $"filename=\"{new string('x', 255)}\"");
        yield return Name("an extension of 300 letters", $"a.{new string('x', 300)}", $"a.{new string('x', 253)}", $"filename=\"a.{new string('x', 253)}\"");
    }

    [TestCaseSource(nameof(Names))]
    public async Task File_name_is_sent_without_its_folder_and_correctly_encoded(string given, string name, string parameter)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        await client.UploadAsync(new byte[] { 1, 2, 3 }, given);

        Assert.That(server.Requests.Single().Headers["Content-Disposition"], Is.EqualTo($"attachment; {parameter}"));
        Assert.That(server.Requests.Single().Headers, Does.Not.ContainKey("X-Evil"));
        Assert.That(System.Text.Encoding.UTF8.GetByteCount(name), Is.LessThanOrEqualTo(255));
    }

    [Test]
    public async Task Sandbox_decodes_every_file_name()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { UseFfmpeg = false });
        await using var client = ApiClients.For(sandbox.BaseAddress, options => options.LicenseKey = sandbox.LicenseKey);

        foreach (var (given, name) in Names().Select(row => ((string)row.Arguments[0]!, (string)row.Arguments[1]!)))
        {
            Assert.That((await client.UploadAsync(new byte[] { 1, 2, 3 }, given)).Name, Is.EqualTo(name));
        }
    }

    [Test]
    public async Task UploadAsync_sends_the_name_of_a_file_without_its_folder()
    {
        var directory = Directory.CreateTempSubdirectory("secret-folder");
        try
        {
            var path = Path.Combine(directory.FullName, "Lied.mp3");
            await File.WriteAllBytesAsync(path, [1, 2, 3]);
            await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
            await using var client = ApiClients.For(server.Address);

            await client.UploadAsync(path);

            var headers = server.Requests.Single().Headers;
            Assert.That(headers["Content-Disposition"], Is.EqualTo("attachment; filename=\"Lied.mp3\""));
            Assert.That(headers.Values, Has.None.Contains("secret-folder"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("folder/")]
    [TestCase(@"folder\..")]
    [TestCase("\r\n")]
    public async Task Invalid_file_name_is_rejected_before_anything_is_sent(string given)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => client.UploadAsync(new byte[] { 1 }, given));

        Assert.That(exception!.ParamName, Is.EqualTo("fileName"));
        Assert.That(exception.Message, Does.Contain("song.mp3"), "It says what a name looks like.");
        Assert.That(server.Requests, Is.Empty);
    }

    private static TestCaseData Name(string what, string given, string name, string parameter) => new TestCaseData(given, name, parameter).SetArgDisplayNames(what);
}
