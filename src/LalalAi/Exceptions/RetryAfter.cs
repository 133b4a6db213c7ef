using System.Globalization;
using System.Net.Http.Headers;

namespace LalalAi;

/// <summary>The <c>Retry-After</c> header of API responses and downloads (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    /// <summary>Reads the header of a response.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        return Read(Header("Retry-After"), Header("Date"), now);

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }

    /// <summary>Reads the header. A date counts from the server's own <c>Date</c>, because the clocks of the two machines differ.</summary>
    /// <param name="value">The header: seconds or a date.</param>
    /// <param name="date">The <c>Date</c> header of the same response.</param>
    /// <param name="now">The local time, for a response without a date.</param>
    /// <returns>The delay, or <see langword="null"/> if the header is missing or not valid.</returns>
    public static TimeSpan? Read(string? value, string? date, DateTimeOffset now)
    {
        const NumberStyles Seconds = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (double.TryParse(value, Seconds, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0)
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
        }

        if (ReadDate(value) is not { } until)
        {
            return null;
        }

        var delay = until - (ReadDate(date) ?? now);
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    /// <summary>Limits a delay to 5 minutes. Servers and proxies have asked for a day, which is longer than results are kept.</summary>
    public static TimeSpan Limit(TimeSpan delay) => delay < Maximum ? delay : Maximum;

    private static DateTimeOffset? ReadDate(string? value) =>
        RetryConditionHeaderValue.TryParse(value, out var parsed) ? parsed.Date : null;
}
