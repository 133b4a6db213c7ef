using Microsoft.Extensions.AI;
using ModelContextProtocol.Server;

namespace LalalAi.Cli.Mcp;

/// <summary>One call of a tool, as the context of the function and of the question to the user.</summary>
internal sealed class FunctionCall(McpServer server)
{
    public McpServer Server => server;

    /// <summary>Whether the call has led to a question to the user.</summary>
    public bool HasAsked { get; set; }

    /// <summary>
    /// Whether the question is part of the call. Since revision 2026-07-28, a server sends no requests: it returns the question as the
    /// result of the call, and the client repeats the call with the user's answer. In earlier revisions, the server sends a request.
    /// </summary>
    public bool IsQuestionPartOfIt => string.CompareOrdinal(server.NegotiatedProtocolVersion, "2026-07-28") >= 0;

    public static FunctionCall? Of(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(FunctionCall), out var call) == true ? call as FunctionCall : null;
}
