using System.Net;
using System.Net.Http.Headers;
using LalalAi.Downloads;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

internal sealed class ResponseHeadTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void A_wait_is_read_as_seconds_and_as_a_date([Values] bool isDate)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter = isDate ? new RetryConditionHeaderValue(Now.AddSeconds(7)) : new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));

        Assert.That(ResponseHead.From(response, Now).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [TestCase("1.1", false, ExpectedResult = true)]
    [TestCase("1.0", false, ExpectedResult = true)]
    [TestCase("1.1", true, ExpectedResult = false)]
    [TestCase("2.0", false, ExpectedResult = false)]
    [TestCase("3.0", false, ExpectedResult = false)]
    public bool Only_the_end_of_the_connection_ends_a_body_without_length_or_pieces(string version, bool isChunked)
    {
        using var response = new HttpResponseMessage { Version = new Version(version), Content = new StreamContent(new PatternStream(1, canSeek: false)) };
        response.Headers.TransferEncodingChunked = isChunked;

        return ResponseHead.From(response, Now).IsOpenEnded;
    }

    [Test]
    public void A_body_with_a_length_has_an_end()
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent([1]) };

        Assert.That(ResponseHead.From(response, Now).IsOpenEnded, Is.False);
    }
}
