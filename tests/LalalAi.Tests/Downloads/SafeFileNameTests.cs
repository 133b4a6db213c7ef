namespace LalalAi.Tests.Downloads;

/// <summary>Names of files and folders that come from the server or from templates.</summary>
public sealed class SafeFileNameTests
{
    [TestCase("song", "song")]
    [TestCase("What?", "What_")]
    [TestCase("a/b\\c", "a_b_c")]
    [TestCase("CON", "_CON")]
    [TestCase(" .. ", "_")]
    [TestCase("", "_")]
    [TestCase("dots..", "dots")]
    public void Create_returns_a_name_that_every_file_system_accepts(string name, string expected) =>
        Assert.That(SafeFileName.Create(name), Is.EqualTo(expected));

    [Test]
    public void Create_shortens_a_name_before_its_extension() =>
        Assert.That(SafeFileName.Create(new string('ü', 200) + ".wav", 20), Is.EqualTo(new string('ü', 8) + ".wav"));

    [TestCase(15)]
    [TestCase(256)]
    public void Create_rejects_a_length_that_names_cannot_have(int maxBytes) =>
        Assert.That(() => SafeFileName.Create("song", maxBytes), Throws.TypeOf<ArgumentOutOfRangeException>());
}
