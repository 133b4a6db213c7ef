using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Tests;

/// <summary>Which files the arguments stand for.</summary>
public sealed class InputTests
{
    private string _root = null!;

    [SetUp]
    public void Make_files()
    {
        _root = Directory.CreateTempSubdirectory("lalalai-inputs").FullName;
        foreach (var path in new[] { "a.wav", "b.MP3", "notes.txt", "a.wav.part", ".hidden.wav", "sub/c.flac", "sub/deep/d.ogg", "sub/deep/d.mp4", "out/a/vocals.wav", "out/sub/c/vocals.flac" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
            File.WriteAllText(Path.Combine(_root, path), path);
        }
    }

    [TearDown]
    public void Remove_them() => Directory.Delete(_root, recursive: true);

    [TestCase(".", false, "a.wav b.MP3")]
    [TestCase(".", true, "a.wav b.MP3 sub/c.flac sub/deep/d.ogg sub/deep/d.mp4")]
    [TestCase("sub", true, "sub/c.flac sub/deep/d.ogg sub/deep/d.mp4")]
    [TestCase("*.wav", false, "a.wav")]
    [TestCase("*", false, "a.wav b.MP3")]
    [TestCase("**/*.flac", false, "sub/c.flac")]
    [TestCase("sub/**/d.*", false, "sub/deep/d.ogg sub/deep/d.mp4")]
    [TestCase("*/c.flac", false, "sub/c.flac")]
    [TestCase("notes.txt", false, "notes.txt")]
    [TestCase("out/a/vocals.wav", false, "out/a/vocals.wav")]
    public void Arguments_stand_for_recordings_and_never_for_tracks(string argument, bool recursive, string expected)
    {
        var inputs = Find(argument, recursive).Files;

        Assert.That(inputs.Select(input => Path.GetRelativePath(_root, input.Path)), Is.EquivalentTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public void Recordings_come_in_the_order_of_their_names()
    {
        var inputs = Find(".", recursive: true).Files;

        Assert.That(inputs.Select(input => Path.GetRelativePath(_root, input.Path)), Is.EqualTo(new[] { "a.wav", "b.MP3", "sub/c.flac", "sub/deep/d.mp4", "sub/deep/d.ogg" }));
    }

    [Test]
    public void A_link_to_a_folder_is_not_followed_in_circles()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "sub", "circle"), _root);

        Assert.That(Find("sub", recursive: true).Files.Count, Is.EqualTo(3));
    }

    [Test]
    public void The_header_of_a_file_tells_its_duration_or_nothing()
    {
        var song = LalalAi.Tests.EndToEnd.SongFile.Write(_root, seconds: 2.5);
        byte[] flac = [.. "fLaC"u8, 0, 0, 0, 34, .. new byte[10], 0x0A, 0xC4, 0x42, 0xF0, 0, 0x02, 0xB1, 0x10, .. new byte[16]];
        File.WriteAllBytes(Path.Combine(_root, "x.flac"), flac);

        Assert.That(MediaDuration.TryRead(song)!.Value.TotalSeconds, Is.EqualTo(2.5).Within(0.001));
        Assert.That(MediaDuration.TryRead(Path.Combine(_root, "x.flac"))!.Value.TotalSeconds, Is.EqualTo(4).Within(0.001));
        Assert.That(new[] { "a.wav", "b.MP3", "sub/c.flac" }.Select(name => MediaDuration.TryRead(Path.Combine(_root, name))), Has.All.Null);
    }

    private InputSet Find(string argument, bool recursive) =>
        InputSet.Find([Path.GetFullPath(Path.Combine(_root, argument))], recursive, Path.Combine(_root, "out"), new JobIndex(), InputFilter.All);
}
