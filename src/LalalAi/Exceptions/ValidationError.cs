namespace LalalAi;

/// <summary>One fault that the service found in a request.</summary>
/// <param name="Location">Where: for example <c>body.presets.stem</c>.</param>
/// <param name="Message">What is wrong, in the service's words.</param>
/// <param name="Type">The kind of fault, for example <c>missing</c>.</param>
public sealed record ValidationError(string Location, string Message, string? Type);
