using LalalAi.Cluster.Files;
using Microsoft.Extensions.Options;

namespace LalalAi.Cluster.Tests.Files;

/// <summary>Where recordings may come from, and where tracks go.</summary>
public sealed class SharedFilesTests
{
    private DirectoryInfo _folder = null!;

    private string Sources => Path.Combine(_folder.FullName, "sources");

    [SetUp]
    public void Create()
    {
        _folder = Directory.CreateTempSubdirectory("lalalai-files-");
        Directory.CreateDirectory(Path.Combine(Sources, "in"));
        File.WriteAllText(Path.Combine(Sources, "in", "song.wav"), "song");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.wav"), "secret");
        File.CreateSymbolicLink(Path.Combine(Sources, "link.wav"), Path.Combine(_folder.FullName, "secret.wav"));
        Directory.CreateSymbolicLink(Path.Combine(Sources, "links"), _folder.FullName);
    }

    [TearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [TestCase("in/song.wav")]
    [TestCase("in/../in/song.wav")]
    public async Task A_source_in_the_folder_is_opened(string source) => Assert.That(await ReadAsync(source), Is.EqualTo("song"));

    [TestCase("../secret.wav")]
    [TestCase("in/../../secret.wav")]
    [TestCase("link.wav")]
    [TestCase("links/secret.wav")]
    [TestCase("/etc/passwd")]
    public void A_source_outside_the_folder_is_rejected(string source) =>
        Assert.That(() => ReadAsync(source), Throws.ArgumentException.With.Message.Contains("not in the folder"));

    [Test]
    public async Task A_recording_of_an_allowed_host_is_opened()
    {
        await using var server = Serve(new ScriptedResponse { Body = "song" });

        Assert.That(await ReadAsync(new Uri(server.Address, "song.wav").AbsoluteUri, "127.0.0.1"), Is.EqualTo("song"));
    }

    [Test]
    public async Task A_host_that_is_not_allowed_is_not_connected_to()
    {
        await using var server = Serve(new ScriptedResponse());

        Assert.That(
            () => ReadAsync(server.Address.AbsoluteUri, "media.example.com"),
            Throws.TypeOf<JobSourceRefusedException>().With.Message.Contains("AllowedHosts"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_private_address_of_an_allowed_host_is_rejected_after_its_name_was_resolved()
    {
        await using var server = Serve(new ScriptedResponse());
        var url = new UriBuilder(server.Address) { Host = "localhost" }.Uri.AbsoluteUri;

        Assert.That(
            () => ReadAsync(url, "localhost"),
            Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<JobSourceRefusedException>());
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_redirect_to_another_host_is_rejected()
    {
        await using var other = Serve(new ScriptedResponse());
        var target = new UriBuilder(other.Address) { Host = "localhost" }.Uri;
        await using var server = Serve(new ScriptedResponse { Status = 302, Headers = [$"Location: {target.AbsoluteUri}"] });

        Assert.That(
            () => ReadAsync(server.Address.AbsoluteUri, "127.0.0.1"),
            Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<JobSourceRefusedException>());
        Assert.That(other.Requests, Is.Empty);
    }

    [Test]
    public async Task A_track_replaces_the_one_of_an_earlier_attempt()
    {
        await StoreAsync("spring/0001", "one");
        await StoreAsync("spring/0001", "two");

        Assert.That(
            Directory.GetFiles(Path.Combine(_folder.FullName, "tracks", "spring", "0001")).Select(File.ReadAllText),
            Is.EqualTo(new[] { "two" }));
    }

    [Test]
    public async Task Jobs_with_similar_names_have_folders_of_their_own()
    {
        foreach (var job in new[] { "spring/a:b", "spring/a?b", "spring/../../a", "spring/./a" })
        {
            await StoreAsync(job, job);
        }

        Assert.That(
            Directory.GetFiles(Path.Combine(_folder.FullName, "tracks"), "*", SearchOption.AllDirectories).Select(File.ReadAllText),
            Is.EquivalentTo(new[] { "spring/a:b", "spring/a?b", "spring/../../a", "spring/./a" }));
    }

    private static ScriptedServer Serve(ScriptedResponse response) => ScriptedServer.StartReading(_ => response);

    private SharedFiles Files(HttpSources http, JobFilesOptions options)
    {
        (options.SourceFolder, options.TrackFolder) = (Sources, Path.Combine(_folder.FullName, "tracks"));
        return new SharedFiles(Options.Create(options), http);
    }

    private async Task<string> ReadAsync(string source, params string[] allowed)
    {
        var options = new JobFilesOptions();
        options.AllowedHosts.UnionWith(allowed);
        using var http = new HttpSources(Options.Create(options));
        using var reader = new StreamReader(await Files(http, options).OpenAsync(source, CancellationToken.None));
        return await reader.ReadToEndAsync();
    }

    private async Task StoreAsync(string job, string content)
    {
        var path = Path.Combine(_folder.FullName, "vocals.wav");
        await File.WriteAllTextAsync(path, content);
        using var http = new HttpSources(Options.Create(new JobFilesOptions()));
        var track = new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Label = "vocals" };
        await Files(http, new JobFilesOptions()).StoreAsync(job, new DownloadedFile(track, path, content.Length), CancellationToken.None);
    }
}
