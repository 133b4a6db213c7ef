using LalalAi.Downloads;
using LalalAi.Downloads.Naming;

namespace LalalAi.Tests.Downloads;

internal sealed class DefaultFileNameTests : DownloadFixture
{
    [TestCase("audio/mpeg", ".mp3")]
    [TestCase("audio/mp3", ".mp3")]
    [TestCase("audio/wav", ".wav")]
    [TestCase("audio/wave", ".wav")]
    [TestCase("audio/x-wav", ".wav")]
    [TestCase("audio/vnd.wave", ".wav")]
    [TestCase("audio/flac", ".flac")]
    [TestCase("audio/x-flac", ".flac")]
    [TestCase("audio/ogg", ".ogg")]
    [TestCase("application/ogg", ".ogg")]
    [TestCase("audio/opus", ".opus")]
    [TestCase("audio/aac", ".aac")]
    [TestCase("audio/aacp", ".aac")]
    [TestCase("audio/mp4", ".m4a")]
    [TestCase("audio/m4a", ".m4a")]
    [TestCase("audio/x-m4a", ".m4a")]
    [TestCase("audio/aiff", ".aiff")]
    [TestCase("audio/x-aiff", ".aiff")]
    [TestCase("audio/webm", ".webm")]
    [TestCase("video/mp4", ".mp4")]
    [TestCase("video/x-matroska", ".mkv")]
    [TestCase("video/x-msvideo", ".avi")]
    [TestCase("video/quicktime", ".mov")]
    [TestCase("video/webm", ".webm")]
    [TestCase("Audio/MPEG", ".mp3")]
    [TestCase("application/octet-stream", "")]
    [TestCase(null, "")]
    public void A_name_without_an_extension_gets_that_of_its_media_type(string? mediaType, string extension) =>
        Assert.That(Choose(mediaType: mediaType), Is.EqualTo("vocals" + extension));

    [TestCase("server.wav", "earlier.wav", "own.wav", "vocals", "server.wav")]
    [TestCase(null, "earlier.wav", "own.wav", "vocals", "earlier.wav")]
    [TestCase("..", null, "own.wav", "vocals", "own.wav")]
    [TestCase(null, null, "/", "vocals", "vocals")]
    [TestCase(null, null, null, "..", "track")]
    public void First_name_with_valid_characters_is_used(string? server, string? earlier, string? own, string label, string expected) =>
        Assert.That(Choose(server, earlier, own, label), Is.EqualTo(expected));

    private static string Choose(
        string? server = null, string? earlier = null, string? own = null, string label = "vocals", string? mediaType = null) =>
        DefaultFileName.Choose(
            MakeTrack("http://d.example/", label, own),
            new ResponseHead { Status = 200, FileName = server, MediaType = mediaType },
            earlier);
}
