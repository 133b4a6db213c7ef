using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Hosts;

/// <summary>Answers of the service's API.</summary>
internal static class ApiReply
{
    public static ScriptedResponse Empty { get; } = new() { Body = "{}" };

    /// <summary>The response to an upload.</summary>
    public static ScriptedResponse Uploaded { get; } = new()
    {
        Body = """{"id":"6e6f2f1a-8d5f-4a52-9a0f-0f3a4c1d2e3b","name":"song.wav","size":3000000000,"duration":120,"expires":1761217415}""",
    };

    /// <summary>The response to a start.</summary>
    public static ScriptedResponse Started { get; } = new() { Body = """{"task_id":"0b9a7c5e-1111-4222-8333-444455556666"}""" };

    /// <summary>The response to a check of one task.</summary>
    public static ScriptedResponse Checked(string id, JObject state) =>
        new() { Body = new JObject { ["result"] = new JObject { [id] = state } }.ToString() };

    public static ScriptedResponse Error(int status, string? code = null) =>
        new() { Status = status, Body = code is null ? """{"detail":"no"}""" : $$"""{"detail":"no","code":"{{code}}"}""" };
}
