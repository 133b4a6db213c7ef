namespace LalalAi.Sandbox.Usage;

/// <summary>The JSON of a request or a response.</summary>
/// <param name="Text">Its beginning.</param>
/// <param name="Length">The length of the whole body in bytes.</param>
/// <param name="IsCut">Whether it is longer than the text.</param>
internal sealed record RecordedBody(string Text, int Length, bool IsCut);
