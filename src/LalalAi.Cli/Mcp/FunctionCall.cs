using Microsoft.Extensions.AI;
using ModelContextProtocol.Server;

namespace LalalAi.Cli.Mcp;

/// <summary>One call of a tool, in the context that the function and the question to the user see.</summary>
internal sealed class FunctionCall(McpServer server)
{
    public McpServer Server => server;

    /// <summary>Whether the call has led to a question to the user.</summary>
    public bool HasAsked { get; set; }

    /// <summary>
    /// Whether the question is part of the call. From revision 2026-07-28 on, a server sends no requests: it answers the call with the
    /// question, the client repeats the call with the user's answer, and then gets the result. Earlier revisions ask beside the call.
    /// </summary>
    public bool IsQuestionPartOfIt => string.CompareOrdinal(server.NegotiatedProtocolVersion, "2026-07-28") >= 0;

    public static FunctionCall? Of(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(FunctionCall), out var call) == true ? call as FunctionCall : null;
}
