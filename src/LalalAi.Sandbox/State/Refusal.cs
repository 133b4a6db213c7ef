namespace LalalAi.Sandbox.State;

/// <summary>The reason why a valid request is rejected.</summary>
/// <param name="Detail">For people.</param>
/// <param name="Code">For programs; some refusals have none.</param>
internal sealed record Refusal(string Detail, string? Code = null)
{
    public static Refusal SourceGone { get; } = new(
        "The file has not been uploaded properly or has already been deleted. Please upload it again.");

    public static Refusal IdempotencyKeyUsed { get; } = new("Idempotency key has already been used.", "idempotency_key_used");

    public static Refusal NoMinutesLeft { get; } = new("Not enough processing minutes left.", "exceeded_duration");

    public static Refusal TooLong { get; } = new("The file is longer than the plan allows.", "max_duration");

    public static Refusal TooLarge { get; } = new("The file is larger than the plan allows.", "exceeded_size");

    // The service's spelling.
    public static Refusal NoBatch { get; } = new("Batch processing is not available on this plan.", "batch_not_avaliable");
}
