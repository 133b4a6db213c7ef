using LalalAi.Downloads;

namespace LalalAi.Tests.Downloads;

internal sealed class ContentDispositionNameTests
{
    [TestCase("attachment; filename=\"song.wav\"", "song.wav")]
    [TestCase("attachment; filename=song.wav", "song.wav")]
    [TestCase("attachment;filename = song with spaces.wav ; x=y", "song with spaces.wav")]
    [TestCase("ATTACHMENT; FILENAME=\"song.wav\"", "song.wav")]
    [TestCase("filename=\"song.wav\"", "song.wav")]
    [TestCase("attachment; filename=\"plain.wav\"; filename*=UTF-8''na%C3%AFve.wav", "naïve.wav")]
    [TestCase("attachment; filename*=utf-8'en'na%C3%AFve.wav; filename=\"plain.wav\"", "naïve.wav")]
    [TestCase("attachment; filename*=iso-8859-1''na%EFve.wav", "naïve.wav")]
    [TestCase("attachment; filename*=UTF-8''%F0%9F%98%80.wav", "😀.wav")]
    [TestCase("attachment; filename*=UTF-8''100%.wav", "100%.wav")]
    [TestCase("attachment; filename=\"plain.wav\"; filename*=UTF-8''%FF%FE.wav", "plain.wav")]
    [TestCase("attachment; filename=\"plain.wav\"; filename*=martian''x.wav", "plain.wav")]
    [TestCase("attachment; filename=\"plain.wav\"; filename*=x.wav", "plain.wav")]
    [TestCase("attachment; filename=\"plain.wav\"; filename*=UTF-8''", "plain.wav")]
    [TestCase("attachment; filename=\"a;b=c.wav\"; x=\"y\"", "a;b=c.wav")]
    [TestCase("attachment; filename=\"a \\\"quoted\\\" \\\\ song.wav\"", "a \"quoted\" \\ song.wav")]
    [TestCase("attachment; filename=\"C:\\music\\song.wav\"", "C:\\music\\song.wav")]
    [TestCase("attachment; filename=\"unclosed.wav", "unclosed.wav")]
    [TestCase("attachment; filename=\"na\u00C3\u00AFve.wav\"", "naïve.wav")]
    [TestCase("attachment; filename=\"na\u00EFve.wav\"", "naïve.wav")]
    [TestCase("attachment; filename=\"=?utf-8?B?bmHDr3ZlLndhdg==?=\"", "naïve.wav")]
    [TestCase("attachment; filename=\"=?UTF-8?Q?na=C3=AFve_one?= =?utf-8?q?.wav?=\"", "naïve one.wav")]
    [TestCase("attachment; filename=\"=?utf-8?B?!!?=\"", "=?utf-8?B?!!?=")]
    [TestCase("attachment; filename=\"=?martian?B?YQ==?=\"", "=?martian?B?YQ==?=")]
    [TestCase("attachment; filename*=UTF-8''a%2", "a%2")]
    [TestCase("attachment; filename*=UTF-8''a%", "a%")]
    [TestCase("attachment; filename*=UTF-8''a%zz%41", "a%zzA")]
    [TestCase("attachment; filename=\"first.wav\"; filename=\"second.wav\"", "first.wav")]
    [TestCase("attachment; filename*=UTF-8''first.wav; filename*=UTF-8''second.wav", "first.wav")]
    [TestCase("attachment; x=\"y\"; filename=song.wav", "song.wav")]
    [TestCase("attachment; x=; filename=song.wav", "song.wav")]
    [TestCase("attachment; x=y; filename=\"song.wav\"; z=w", "song.wav")]
    [TestCase("attachment; filename=\"ends with a backslash\\", "ends with a backslash\\")]
    [TestCase("attachment; filename=", "")]
    [TestCase("attachment; filename=\"\u0080.wav\"", "\u0080.wav", TestName = "What is no UTF-8 is left as it is")]
    [TestCase("attachment; filename=\"\u65E5\u00C3\u00AF.wav\"", "\u65E5\u00C3\u00AF.wav")]
    [TestCase("attachment; filename=\"a =?utf-8?Q?b=20c=4?= d\"", "a b c=4 d")]
    [TestCase("attachment; filename=\"=?utf-8?b?YQ==?=\"", "a")]
    [TestCase("attachment; filename=\"=?utf-8?Q?a=zz=41=?=\"", "a=zzA=")]
    [TestCase("attachment", null)]
    [TestCase("", null)]
    [TestCase(";;==;\"", null)]
    public void The_name_is_read_as_servers_write_it(string header, string? name) => Assert.That(ContentDispositionName.Read(header), Is.EqualTo(name));

    [Test]
    public void A_header_that_comes_twice_is_read_as_one()
    {
        using var content = new ByteArrayContent([]);
        content.Headers.TryAddWithoutValidation("Content-Disposition", ["attachment", "filename=song.wav"]);

        Assert.That(ContentDispositionName.Read(content.Headers), Is.EqualTo("song.wav"));
    }
}
