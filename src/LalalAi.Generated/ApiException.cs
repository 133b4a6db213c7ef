namespace LalalAi.Generated;

/// <summary>
/// A response that is not a success of the contract. The client of LalalAi.Sdk maps it to its own exceptions.
/// </summary>
public class ApiException : Exception
{
    /// <summary>Creates the exception for a response.</summary>
    /// <param name="message">The problem with the response.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="innerException">The cause.</param>
    public ApiException(
        string message,
        int statusCode,
        string? response,
        IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException)
        : base($"{message} (HTTP {statusCode})", innerException)
    {
        StatusCode = statusCode;
        Response = response;
        Headers = headers;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The body, or <see langword="null"/> if there was none.</summary>
    public string? Response { get; }

    /// <summary>The headers of the response and of its content.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }
}

/// <summary>An error that the contract declares.</summary>
/// <typeparam name="TResult">The type of the body.</typeparam>
public class ApiException<TResult> : ApiException
{
    /// <summary>Creates the exception for a response.</summary>
    /// <param name="message">The problem with the response.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="result">The body, deserialized to the type that the contract declares.</param>
    /// <param name="innerException">The cause.</param>
    public ApiException(
        string message,
        int statusCode,
        string? response,
        IReadOnlyDictionary<string, IEnumerable<string>> headers,
        TResult result,
        Exception? innerException)
        : base(message, statusCode, response, headers, innerException) => Result = result;

    /// <summary>The body, deserialized to the type that the contract declares.</summary>
    public TResult Result { get; }
}
