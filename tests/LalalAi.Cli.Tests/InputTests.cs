using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Tests;

/// <summary>Which files the arguments select.</summary>
[Parallelizable]
public sealed class InputTests
{
    private string _root = null!;

    [SetUp]
    public void Make_files()
    {
        _root = Directory.CreateTempSubdirectory("lalalai-inputs").FullName;
        foreach (var path in new[]
        {
            "a.wav", "b.MP3", "notes.txt", "a.wav.part", ".hidden.wav", "sub/c.flac", "sub/deep/d.ogg", "sub/deep/d.mp4",
            "out/a/vocals.wav", "out/sub/c/vocals.flac",
        })
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

        Assert.That(
            inputs.Select(input => Path.GetRelativePath(_root, input.Path)),
            Is.EquivalentTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public void Recordings_come_in_the_order_of_their_names()
    {
        var inputs = Find(".", recursive: true).Files;

        Assert.That(
            inputs.Select(input => Path.GetRelativePath(_root, input.Path)),
            Is.EqualTo(new[] { "a.wav", "b.MP3", "sub/c.flac", "sub/deep/d.mp4", "sub/deep/d.ogg" }));
    }

    [Test]
    public void Symbolic_link_cycle_is_not_followed()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "sub", "circle"), _root);

        Assert.That(Find("sub", recursive: true).Files.Count, Is.EqualTo(3));
    }

    [Test]
    public void Duration_is_read_from_the_header_or_unknown()
    {
        var song = SongFile.Write(_root, seconds: 2.5);
        byte[] flac = [.. "fLaC"u8, 0, 0, 0, 34, .. new byte[10], 0x0A, 0xC4, 0x42, 0xF0, 0, 0x02, 0xB1, 0x10, .. new byte[16]];
        File.WriteAllBytes(Path.Combine(_root, "x.flac"), flac);

        Assert.That(MediaDuration.TryRead(song)!.Value.TotalSeconds, Is.EqualTo(2.5).Within(0.001));
        Assert.That(MediaDuration.TryRead(Path.Combine(_root, "x.flac"))!.Value.TotalSeconds, Is.EqualTo(4).Within(0.001));
        Assert.That(
            new[] { "a.wav", "b.MP3", "sub/c.flac" }.Select(name => MediaDuration.TryRead(Path.Combine(_root, name))), Has.All.Null);
    }

    [Test]
    public void The_duration_of_an_MP3_file_is_that_of_its_frames()
    {
        // 128 kbit/s at 44.1 kHz: 417 bytes and 1,152 samples a frame.
        byte[] frame = [0xFF, 0xFB, 0x90, 0x00, .. new byte[413]];
        File.WriteAllBytes(Path.Combine(_root, "x.mp3"), [.. Enumerable.Repeat(frame, 400).SelectMany(bytes => bytes)]);

        Assert.That(MediaDuration.TryRead(Path.Combine(_root, "x.mp3"))!.Value.TotalSeconds, Is.EqualTo(400 * 1152 / 44_100.0).Within(0.1));
    }

    [Test]
    public void The_duration_of_an_Opus_file_is_that_of_its_last_page()
    {
        byte[] Page(long granule, byte[] content) =>
            [.. "OggS"u8, 0, 0, .. BitConverter.GetBytes(granule), .. new byte[12], 1, (byte)content.Length, .. content];
        File.WriteAllBytes(
            Path.Combine(_root, "x.opus"),
            [.. Page(0, [.. "OpusHead"u8, 1, 2, 0x38, 0x01, .. new byte[7]]), .. Page((48_000 * 7) + 0x138, new byte[50])]);

        Assert.That(MediaDuration.TryRead(Path.Combine(_root, "x.opus")), Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void The_duration_of_an_M4A_file_is_that_of_its_movie_header()
    {
        byte[] header = [0, 0, 0, 108, .. "mvhd"u8, .. new byte[12], 0, 0, 0x03, 0xE8, 0, 0, 0x30, 0x39, .. new byte[80]];
        File.WriteAllBytes(Path.Combine(_root, "x.m4a"), [0, 0, 0, 16, .. "ftypM4A "u8, 0, 0, 0, 0, 0, 0, 0, 116, .. "moov"u8, .. header]);

        Assert.That(MediaDuration.TryRead(Path.Combine(_root, "x.m4a"))!.Value.TotalSeconds, Is.EqualTo(12.345).Within(0.001));
    }

    [Test]
    public void A_WAV_file_that_was_never_closed_has_the_duration_of_its_size()
    {
        var song = SongFile.Write(_root, seconds: 2.5);
        var bytes = File.ReadAllBytes(song);
        Array.Clear(bytes, 40, 4);
        File.WriteAllBytes(song, bytes);

        Assert.That(MediaDuration.TryRead(song)!.Value.TotalSeconds, Is.EqualTo(2.5).Within(0.01));
    }

    private InputSet Find(string argument, bool recursive) =>
        InputSet.Find(
            [Path.GetFullPath(Path.Combine(_root, argument))], recursive, Path.Combine(_root, "out"), new JobIndex(), InputFilter.All);
}
