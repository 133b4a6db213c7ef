// A chat whose model splits a song, and asks before it spends: dotnet run -- song.wav out
//
// The license key comes from LALALAI_LICENSE_KEY. LALALAI_BASE_URL selects another service, for example a sandbox.
// The model follows a script, so that the sample needs no account with a provider. Any IChatClient takes its place.

using Chat;
using LalalAi;
using LalalAi.AI;
using Microsoft.Extensions.AI;

if (args is not [var song, var folder, ..])
{
    Console.Error.WriteLine("Usage: dotnet run -- SONG FOLDER [yes]");
    return 2;
}

var songPath = Path.GetFullPath(song);
await using var lalal = new LalalAiClient(LalalAiClientOptions.FromEnvironment());
await using var functions = LalalAiFunctions.Create(lalal, new LalalAiFunctionsOptions
{
    AllowedFolders = [Path.GetDirectoryName(songPath)!],
    OutputFolder = folder,
    MaxMinutes = 10,
});
using var chat = new FunctionInvokingChatClient(new ScriptedModel(songPath));
var options = new ChatOptions { Tools = [.. functions] };
List<ChatMessage> messages = [new(ChatRole.User, "Remove the vocals from my song.")];
while (true)
{
    var response = await chat.GetResponseAsync(messages, options);
    messages.AddMessages(response);

    // A function that spends is not called before its question is answered. The budget applies to every answer.
    var questions = response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().ToList();
    if (questions.Count == 0)
    {
        Console.WriteLine(response.Text);
        return 0;
    }

    messages.Add(new ChatMessage(ChatRole.User, [.. questions.Select(question => question.CreateResponse(IsApproved(question)))]));
}

bool IsApproved(ToolApprovalRequestContent question)
{
    var function = ((FunctionCallContent)question.ToolCall).Name;
    Console.WriteLine($"The model wants to call {function}, which spends minutes. Type yes to allow it.");
    return args is [_, _, "yes"] || Console.ReadLine() == "yes";
}
