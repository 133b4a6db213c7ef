namespace LalalAi;

/// <summary>A problem that the service found in a request.</summary>
/// <param name="Location">The path of the value, for example <c>body.presets.stem</c>.</param>
/// <param name="Message">The service's error message.</param>
/// <param name="Type">The kind of problem, for example <c>missing</c>.</param>
public sealed record RequestValidationError(string Location, string Message, string? Type);
