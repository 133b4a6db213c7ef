using System.Text.Json;
using LalalAi.AI.Results;
using Microsoft.Extensions.AI;

namespace LalalAi.AI.Tools;

/// <summary>
/// A function that validates its arguments strictly, and returns failures as results. A model would see an exception as a generic text.
/// </summary>
internal sealed class ToolFunction<TArguments, TResult>(
    string name,
    string description,
    Func<TArguments, AIFunctionArguments, CancellationToken, Task<TResult>> body,
    LalalAiFunctionsOptions options) : AIFunction
    where TResult : ToolResult
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = ToolJson.SchemaOf(typeof(TArguments));

    public override JsonElement? ReturnJsonSchema { get; } = ToolJson.SchemaOf(typeof(TResult));

    public override JsonSerializerOptions JsonSerializerOptions => ToolJson.Options;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ToolResult result;
        try
        {
            result = await body(ToolJson.Read<TArguments>(arguments, JsonSchema), arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var (reason, serviceText) = ToolFailure.Describe(exception);
            result = new ErrorResult { Error = reason, ServiceText = serviceText };
        }

        if (options.Notice is { } notice)
        {
            result = result with { Note = result.Note is { } note ? $"{note} {notice}" : notice };
        }

        var json = JsonSerializer.Serialize(result, result.GetType(), ToolJson.Options);
        foreach (var secret in options.GetSecrets?.Invoke().Where(secret => secret.Length > 0) ?? [])
        {
            json = json.Replace(JsonEncodedText.Encode(secret, ToolJson.Options.Encoder).Value, "***", StringComparison.Ordinal);
        }

        return JsonSerializer.Deserialize<JsonElement>(json);
    }
}
