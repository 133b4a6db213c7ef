using LalalAi.Downloads.Naming;

namespace LalalAi.Tests.Downloads;

internal sealed class NameTemplateTests : DownloadFixture
{
    [TestCase("{name}_{label}.{ext}", "song_vocals.wav")]
    [TestCase("{name}/{label}.{ext}", "song/vocals.wav")]
    [TestCase("{name}\\{label}.{ext}", "song/vocals.wav")]
    [TestCase("{task}-{label}", "2f1c6a54-7a3e-4a2e-9c57-0d4f5f4a1b11-vocals")]
    [TestCase("/{label}.{ext}", "vocals.wav")]
    [TestCase("../../{label}.{ext}", "vocals.wav")]
    [TestCase("a//./b/{label}.{ext}", "a/b/vocals.wav")]
    [TestCase("{label}/", "vocals/song.wav")]
    [TestCase("{ not one }.{ext}", "{ not one }.wav")]
    public void A_template_makes_names_and_folders(string template, string path) =>
        Assert.That(string.Join("/", NameTemplate.Parse(template)!.Expand(MakeTrack("http://h/"), "song.wav")), Is.EqualTo(path));

    [Test]
    public void A_value_never_makes_a_folder()
    {
        var track = MakeTrack("http://h/", label: "../../evil/vocals");

        Assert.That(NameTemplate.Parse("{label}/x.{ext}")!.Expand(track, "song.wav"), Is.EqualTo(new[] { "vocals", "x.wav" }));
    }

    [Test]
    public void Value_without_valid_characters_is_replaced_by_the_name_of_its_placeholder()
    {
        var track = MakeTrack("http://h/", label: "..") with { TaskId = new TaskId("/") };

        Assert.That(NameTemplate.Parse("{label}/{task}")!.Expand(track, "song.wav"), Is.EqualTo(new[] { "track", "task" }));
    }

    [Test]
    public void Template_with_an_unknown_placeholder_is_rejected() =>
        Assert.That(
            () => NameTemplate.Parse("{nmae}"),
            Throws.ArgumentException.With.Message.Contains("{nmae}").And.Message.Contains("{name}, {label}, {task}, {ext}"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    public void Parse_returns_null_without_a_template(string? template) => Assert.That(NameTemplate.Parse(template), Is.Null);
}
