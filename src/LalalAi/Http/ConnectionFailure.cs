using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly;

namespace LalalAi.Http;

/// <summary>
/// Recognizes connection failures, including those of the application's handlers, and classifies them.
/// </summary>
internal static class ConnectionFailure
{
    /// <summary>Whether an exception of a request means that the server was not reached, or that its response did not arrive.</summary>
    public static bool Matches(Exception exception) => exception
        is HttpRequestException or IOException or SocketException or WebException
        or OperationCanceledException or ObjectDisposedException
        or ExecutionRejectedException;

    /// <summary>
    /// Returns the library's exception for a failure, with its actual reason: .NET's own message may only point to an inner exception.
    /// </summary>
    /// <param name="operation">The operation that failed.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="exception">The failure.</param>
    public static LalalAiConnectionException Describe(string operation, Uri server, Exception exception)
    {
        var reason = Reason(exception);
        return exception.Chain().OfType<AuthenticationException>().Any()
            ? new LalalAiConnectionException(
                $"{operation}: no secure connection to {server.Authority}. {reason} Check the scheme, the host and the port of "
                    + "the address. If a private authority issued the certificate, trust that authority: set the environment variable "
                    + "SSL_CERT_FILE to a PEM file with its certificate (Linux), or install it in the system's certificate store.",
                exception)
            { IsPermanent = true }
            : new LalalAiConnectionException($"{operation}: the connection to {server.Authority} failed. {reason}", exception);
    }

    /// <summary>
    /// The outermost message that contains the innermost one: "Connection refused (127.0.0.1:443)" instead of "Connection refused", but
    /// not "see inner exception".
    /// </summary>
    private static string Reason(Exception exception)
    {
        var root = exception.Chain().Last().Message;
        var cause = exception.Chain().OfType<AuthenticationException>().FirstOrDefault()?.Message;
        var reason = exception.Chain().Select(link => link.Message).First(message => message.Contains(root));
        reason = cause is null || cause.Contains(root) ? cause ?? reason : $"{cause} {reason}";
        return reason.EndsWith(".", StringComparison.Ordinal) ? reason : reason + ".";
    }

    private static IEnumerable<Exception> Chain(this Exception exception)
    {
        for (var link = exception; link is not null; link = link.InnerException)
        {
            yield return link;
        }
    }
}
