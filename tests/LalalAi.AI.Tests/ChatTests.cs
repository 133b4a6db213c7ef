using Microsoft.Extensions.AI;

namespace LalalAi.AI.Tests;

/// <summary>The functions in a chat of Microsoft.Extensions.AI, with a model that follows a script.</summary>
[CancelAfter(TestLimit.Milliseconds)]
public sealed class ChatTests : AgentFixture
{
    [Test]
    public async Task A_chat_asks_before_a_job_and_a_refusal_starts_nothing(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);
        using var model = new ScriptedModel(new FunctionCallContent("1", "split", new Dictionary<string, object?> { ["file"] = "song.wav" }));
        using var chat = new FunctionInvokingChatClient(model);
        var options = new ChatOptions { Tools = [.. functions] };
        List<ChatMessage> messages = [new(ChatRole.User, "Remove the vocals from song.wav.")];

        var response = await chat.GetResponseAsync(messages, options, cancellationToken);
        var request = response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        messages.AddMessages(response);
        messages.Add(new ChatMessage(ChatRole.User, [request.CreateResponse(approved: false)]));
        await chat.GetResponseAsync(messages, options, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(((FunctionCallContent)request.ToolCall).Name, Is.EqualTo("split"));
            Assert.That(model.Results.Single(), Does.Contain("rejected").IgnoreCase);
            Assert.That(Sandbox.GetReport().Requests, Is.Zero);
        });
    }

    [Test]
    public async Task A_chat_starts_what_the_user_approves(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);
        using var model = new ScriptedModel(new FunctionCallContent("1", "split", new Dictionary<string, object?> { ["file"] = "song.wav" }));
        using var chat = new FunctionInvokingChatClient(model);
        var options = new ChatOptions { Tools = [.. functions] };
        List<ChatMessage> messages = [new(ChatRole.User, "Remove the vocals from song.wav.")];

        var response = await chat.GetResponseAsync(messages, options, cancellationToken);
        var request = response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        messages.AddMessages(response);
        messages.Add(new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)]));
        await chat.GetResponseAsync(messages, options, cancellationToken);
        using var result = System.Text.Json.JsonDocument.Parse(model.Results.Single());
        var done = await FinishAsync(functions, Text(result.RootElement, "job")!, cancellationToken);

        Assert.That(Text(done, "status"), Is.EqualTo("done"));
    }

    /// <summary>Calls a function once, and answers when it has the result.</summary>
    private sealed class ScriptedModel(FunctionCallContent call) : IChatClient
    {
        public List<string> Results { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var results = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result!.ToString()!).ToList();
            Results.AddRange(results);
            return Task.FromResult(new ChatResponse(results.Count == 0
                ? new ChatMessage(ChatRole.Assistant, [call])
                : new ChatMessage(ChatRole.Assistant, "It is in progress.")));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
