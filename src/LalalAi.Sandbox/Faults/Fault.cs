using System.Globalization;
using LalalAi.Sandbox.Faults;

namespace LalalAi.Sandbox;

/// <summary>
/// A fault to inject, for <see cref="FaultPlan.Add(Fault, SandboxOperation?, int?, int)"/>. <see cref="ToString"/> returns it in the text
/// grammar, which also works in license keys, file names and headers.
/// </summary>
public sealed record Fault
{
    private Fault(FaultKind kind) => Kind = kind;

    /// <summary>A task is missing from the response to a check.</summary>
    public static Fault MissingTask { get; } = new(FaultKind.MissingTask);

    /// <summary>A check returns <c>server_error</c> for a task, as if it could not be looked up.</summary>
    public static Fault LookupError { get; } = new(FaultKind.LookupError);

    /// <summary>
    /// The response deviates from the contract in ways observed on the real service: other labels, undeclared properties, nulls, numbers as
    /// strings.
    /// </summary>
    public static Fault UndocumentedValues { get; } = new(FaultKind.UndocumentedValues);

    /// <summary>The request is executed, but the connection is reset instead of returning a response.</summary>
    public static Fault LoseResponse { get; } = new(FaultKind.LoseResponse);

    /// <summary>A download has no <c>Content-Disposition</c>.</summary>
    public static Fault MissingFileName { get; } = new(FaultKind.MissingFileName);

    /// <summary>A download ignores <c>Range</c> and starts over.</summary>
    public static Fault IgnoreRange { get; } = new(FaultKind.IgnoreRange);

    internal FaultKind Kind { get; }

    /// <summary>The text, where the kind takes one.</summary>
    internal string? Text { get; init; }

    /// <summary>The number of bytes or the status code, where the kind takes one.</summary>
    internal long? Number { get; init; }

    /// <summary>The duration, where the kind takes one.</summary>
    internal TimeSpan Duration { get; init; }

    /// <summary>The <c>code</c> of an error.</summary>
    internal string? Code { get; init; }

    /// <summary>The <c>detail</c> of an error.</summary>
    internal string? Detail { get; init; }

    /// <summary>The request is answered with a status code and an error body.</summary>
    /// <param name="statusCode">The status code, from 300 to 599.</param>
    /// <param name="code">The <c>code</c> in the body; none by default.</param>
    /// <param name="detail">The <c>detail</c> in the body; the reason phrase of the status by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="statusCode"/> is out of its range.</exception>
    public static Fault Status(int statusCode, string? code = null, string? detail = null) =>
        new(FaultKind.Status) { Number = CheckStatus(statusCode), Code = code, Detail = detail };

    /// <summary>The request is answered with the HTML page of a gateway.</summary>
    /// <param name="statusCode">The status code, from 300 to 599. 502 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="statusCode"/> is out of its range.</exception>
    public static Fault Html(int statusCode = 502) => new(FaultKind.Html) { Number = CheckStatus(statusCode) };

    /// <summary>The response is delayed.</summary>
    /// <param name="duration">The delay, on the sandbox's clock. At most a year.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is out of its range.</exception>
    public static Fault Delay(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, FaultDuration.Longest);
        return new Fault(FaultKind.Delay) { Duration = duration };
    }

    /// <summary>The response stalls, and the connection stays open.</summary>
    /// <param name="afterBytes">The number of bytes of the body before the stall. <see langword="null"/>, the default, stalls before the
    /// headers.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterBytes"/> is negative.</exception>
    public static Fault Stall(long? afterBytes = null) => new(FaultKind.Stall) { Number = CheckBytes(afterBytes) };

    /// <summary>The connection is reset.</summary>
    /// <param name="afterBytes">
    /// The number of bytes of the response, or of the uploaded content, before the reset. <see langword="null"/>, the default, resets
    /// before the request is executed.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterBytes"/> is negative.</exception>
    public static Fault Reset(long? afterBytes = null) => new(FaultKind.Reset) { Number = CheckBytes(afterBytes) };

    /// <summary>The connection is closed before the response is complete.</summary>
    /// <param name="afterBytes">The number of bytes of the body before the connection closes. <see langword="null"/>, the default, closes
    /// it in the middle.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterBytes"/> is negative.</exception>
    public static Fault Truncate(long? afterBytes = null) => new(FaultKind.Truncate) { Number = CheckBytes(afterBytes) };

    /// <summary>The started task fails.</summary>
    /// <param name="code">The <c>code</c> of its error; none by default.</param>
    /// <param name="detail">The <c>detail</c> of its error; a generic text by default.</param>
    public static Fault TaskError(string? code = null, string? detail = null) => new(FaultKind.TaskError) { Text = code, Detail = detail };

    /// <summary>A check returns a status that is not in the contract.</summary>
    /// <param name="status">The status; <c>paused</c> by default.</param>
    public static Fault UnknownStatus(string status = "paused") => new(FaultKind.UnknownStatus) { Text = status };

    /// <summary>A download has another file name in its <c>Content-Disposition</c>.</summary>
    /// <param name="name">The file name; <c>../../evil.wav</c> by default.</param>
    public static Fault FileName(string name = "../../evil.wav") => new(FaultKind.FileName) { Text = name };

    /// <summary>The fault in the text grammar, such as <c>status=503;code=internal_error</c>.</summary>
    public override string ToString() => FaultGrammar.Write([this]);

    internal static Fault Of(FaultKind kind) => new(kind);

    /// <summary>The value in the text grammar; null for none.</summary>
    internal string? WriteValue() => Kind.Value switch
    {
        FaultValue.Text => Text,
        FaultValue.RequiredDuration => $"{Duration.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture)}ms",
        _ => Number?.ToString(CultureInfo.InvariantCulture),
    };

    private static int CheckStatus(int statusCode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, FaultGrammar.LowestStatus);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, FaultGrammar.HighestStatus);
        return statusCode;
    }

    private static long? CheckBytes(long? bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes ?? 0, nameof(bytes));
        return bytes;
    }
}
