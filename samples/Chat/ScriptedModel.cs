using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Chat;

/// <summary>A model that follows a script: it asks for the price, splits the song, and waits until the tracks are there.</summary>
internal sealed class ScriptedModel(string song) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var contents = messages.SelectMany(message => message.Contents);
        var results = contents.OfType<FunctionResultContent>().Select(result => result.Result).ToList();
        return Task.FromResult(new ChatResponse(results switch
        {
            [] => Call("estimate", new() { ["file"] = song }),
            [_] => Call("split", new() { ["file"] = song }),
            [.., JsonElement done] when Text(done, "status") is "done" => Say($"Here are your tracks:\n{string.Join('\n', Paths(done))}"),
            [.., JsonElement running] when IsRunning(running) => Call("status", new() { ["job"] = Text(running, "job") }),
            [.., JsonElement result] => Say($"The song was not split. {Text(result, "error") ?? Text(result, "note")}"),
            _ => Say("I did not split the song, because you did not allow it."),
        }));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static ChatMessage Call(string function, Dictionary<string, object?> arguments) =>
        new(ChatRole.Assistant, [new FunctionCallContent(Guid.NewGuid().ToString(), function, arguments)]);

    private static ChatMessage Say(string text) => new(ChatRole.Assistant, text);

    private static bool IsRunning(JsonElement result) =>
        Text(result, "job") is not null && Text(result, "status") is not ("declined" or "failed" or "stopped");

    private static IEnumerable<string?> Paths(JsonElement result) =>
        result.GetProperty("files").EnumerateArray().Select(file => Text(file, "path"));

    private static string? Text(JsonElement result, string name) =>
        result.TryGetProperty(name, out var value) ? value.GetString() : null;
}
