using System.Text;

namespace LalalAi.FaultTests.Wire;

/// <summary>
/// A gateway on the way to the API that replaces the response to some checks, with HTTP 200 and in full, which no broken connection can
/// do.
/// </summary>
/// <param name="replace">Gets the number of a check and its response, and returns what the client gets.</param>
internal sealed class ReplacedChecks(Func<int, string, string> replace) : DelegatingHandler
{
    private int _checks;

    public static string Html(string answer) => $"<html><body>Sign in to the network to see {answer.Length} bytes.</body></html>";

    public static string Half(string answer) => answer[..(answer.Length / 2)];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.RequestUri!.AbsolutePath.EndsWith("/check/", StringComparison.Ordinal) && response.IsSuccessStatusCode)
        {
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(replace(Interlocked.Increment(ref _checks) - 1, answer), Encoding.UTF8, "application/json");
        }

        return response;
    }
}
