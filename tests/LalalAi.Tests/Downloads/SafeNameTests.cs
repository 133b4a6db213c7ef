using System.Text;

namespace LalalAi.Tests.Downloads;

internal sealed class SafeNameTests
{
    [TestCase("song.wav", "song.wav")]
    [TestCase("Ünïcødé – 日本.wav", "Ünïcødé – 日本.wav")]
    [TestCase("family 👨‍👩‍👧.wav", "family 👨‍👩‍👧.wav")]
    [TestCase("../../etc/passwd", "passwd")]
    [TestCase("..\\..\\evil.wav", "evil.wav")]
    [TestCase("/etc/passwd", "passwd")]
    [TestCase("C:\\Windows\\evil.dll", "evil.dll")]
    [TestCase("C:evil.wav", "C_evil.wav")]
    [TestCase("song.wav:stream", "song.wav_stream")]
    [TestCase("a<b>c\"d|e?f*g.wav", "a_b_c_d_e_f_g.wav")]
    [TestCase("line\r\nbreak\t\0.wav", "linebreak.wav")]
    [TestCase("line\u2028break\u0085.wav", "linebreak.wav")]
    [TestCase("gnp.\u202Evaw", "gnp.vaw")]
    [TestCase("song.wav. . .", "song.wav")]
    [TestCase("  song.wav  ", "song.wav")]
    [TestCase(".bashrc", "bashrc")]
    [TestCase("...hidden.wav", "hidden.wav")]
    [TestCase("CON", "_CON")]
    [TestCase("nul.wav", "_nul.wav")]
    [TestCase("COM1.tar.gz", "_COM1.tar.gz")]
    [TestCase("lpt².wav", "_lpt².wav")]
    [TestCase("AUX .wav", "_AUX .wav")]
    [TestCase("prn", "_prn")]
    [TestCase("ConIn$.wav", "_ConIn$.wav")]
    [TestCase("conout$", "_conout$")]
    [TestCase("CLOCK$", "_CLOCK$")]
    [TestCase("com0", "_com0")]
    [TestCase("COM9.wav", "_COM9.wav")]
    [TestCase("LPT5", "_LPT5")]
    [TestCase("CONSOLE.wav", "CONSOLE.wav")]
    [TestCase("COM", "COM")]
    [TestCase("COM10", "COM10")]
    [TestCase("COMB", "COMB")]
    [TestCase("LPT/.wav", "wav")]
    [TestCase("drum", "drum")]
    [TestCase("bas1", "bas1")]
    [TestCase("a.com1", "a.com1")]
    [TestCase("song.part", "song_part")]
    [TestCase("song.PART.json", "song_PART.json")]
    public void Clean_replaces_characters_and_names_that_file_systems_reserve(string name, string safe) =>
        Assert.That(SafeFileName.Clean(name), Is.EqualTo(safe));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("...")]
    [TestCase(". . .")]
    [TestCase("/")]
    [TestCase("songs/")]
    [TestCase("songs/..")]
    [TestCase("\r\n")]
    public void Clean_returns_null_for_a_name_without_valid_characters(string? name) => Assert.That(SafeFileName.Clean(name), Is.Null);

    [Test]
    public void Clean_removes_unpaired_surrogates() =>
        Assert.That(SafeFileName.Clean("half \uD83D\uDE00\uD83D.wav\uDE00"), Is.EqualTo("half \uD83D\uDE00.wav"));

    [Test]
    public void Fit_does_not_create_the_name_of_a_partial_download() =>
        Assert.That(SafeFileName.Fit($"{new string('x', 235)}.partXXXXX.json", 245), Does.EndWith("x_part.json"));

    [TestCase("a", 300, ".wav", "")]
    [TestCase("é", 300, ".wav", "")]
    [TestCase("😀", 300, ".flac", "")]
    [TestCase("a", 300, ".wav", " (12)")]
    [TestCase("a", 300, "", "")]
    [TestCase("a b. ", 300, ".wav", " (2)")]
    public void Long_name_is_shortened_to_255_bytes_and_keeps_its_extension(
        string unit, int times, string extension, string suffix)
    {
        var name = string.Concat(Enumerable.Repeat(unit, times)) + extension;

        var fitting = SafeFileName.Fit(name, 245, suffix);

        Assert.That(Encoding.UTF8.GetByteCount(fitting), Is.InRange(200, 245));
        Assert.That(fitting, Does.EndWith(suffix + extension).And.Not.Contains('\uFFFD'));
        Assert.That(SafeFileName.Clean(fitting), Is.EqualTo(fitting));
    }

    [Test]
    public void Name_that_fits_exactly_is_not_shortened()
    {
        var name = new string('x', 241) + ".wav";

        Assert.That(SafeFileName.Fit(name, 245), Is.EqualTo(name));
        Assert.That(SafeFileName.Fit(name, 244), Is.EqualTo(name[1..]));
    }

    [TestCase("song.wav", "song", ".wav")]
    [TestCase("song", "song", "")]
    [TestCase("Mr. Smith", "Mr. Smith", "")]
    [TestCase("song.tar.gz", "song.tar", ".gz")]
    [TestCase("a.very_strange_end", "a.very_strange_end", "")]
    [TestCase("a.", "a.", "")]
    [TestCase("a.1", "a", ".1")]
    [TestCase("a.A09azZ", "a", ".A09azZ")]
    [TestCase("a.abcdefghij", "a", ".abcdefghij")]
    [TestCase("a.abcdefghijk", "a.abcdefghijk", "")]
    [TestCase(".wav", ".wav", "")]
    public void Extension_is_only_what_looks_like_one(string name, string stem, string extension) =>
        Assert.That(SafeFileName.SplitExtension(name), Is.EqualTo((stem, extension)));
}
