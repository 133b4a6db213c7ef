using System.Text.Json;
using LalalAi.AI;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LalalAi.Cli.Mcp;

/// <summary>A function as an MCP tool: its result is structured content, and its files are links, never content.</summary>
internal sealed class FunctionTool(AIFunction function, LalalAiFunctions functions, CancellationToken inputClosed) : McpServerTool
{
    public override Tool ProtocolTool { get; } = new()
    {
        Name = function.Name,
        Description = function.Description,
        InputSchema = function.JsonSchema,
        OutputSchema = function.ReturnJsonSchema,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = function.Name is "estimate" or "status" or "account" ? true : null,
            IdempotentHint = function.Name is "split" or "change_voice" or "download" or "cancel" ? true : null,
            DestructiveHint = function.Name switch
            {
                "cancel" => true,
                "split" or "change_voice" or "download" => false,
                _ => null,
            },
        },
    };

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        var passed = request.Params?.Arguments?.ToDictionary(argument => argument.Key, argument => (object?)argument.Value);
        var call = new FunctionCall(request.Server);
        var arguments = new AIFunctionArguments(passed ?? [])
        {
            Context = new Dictionary<object, object?> { [typeof(FunctionCall)] = call },
        };
        if (request.Params?.ProgressToken is { } token)
        {
            arguments.Context[typeof(IProgress<JobProgress>)] = new ProgressNotifications(request.Server, token);
        }

        var result = await InvokeAsync(arguments, cancellationToken);
        if (call is { HasAsked: true, IsQuestionPartOfIt: true })
        {
            var job = result.GetProperty("job").GetString()!;
            await functions.WaitForApprovalAsync(job, cancellationToken);
            result = await FunctionServer.GetStatusAsync(functions, job, cancellationToken);
        }

        var isError = result.TryGetProperty("error", out _);
        return new CallToolResult
        {
            IsError = isError,
            StructuredContent = isError ? null : result,
            Content = [new TextContentBlock { Text = result.GetRawText() }, .. LinksOf(result)],
        };
    }

    private async Task<JsonElement> InvokeAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (function.Name is not ("status" or "download"))
        {
            return (JsonElement)(await function.InvokeAsync(arguments, cancellationToken))!;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, inputClosed);
        try
        {
            return (JsonElement)(await function.InvokeAsync(arguments, wait.Token))!;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A client that closed its input does not wait either.
            return await FunctionServer.GetStatusAsync(functions, arguments["job"], cancellationToken);
        }
    }

    private static IEnumerable<ContentBlock> LinksOf(JsonElement result) => result.TryGetProperty("files", out var files)
        ? files.EnumerateArray().Select(file => new ResourceLinkBlock
        {
            Name = file.GetProperty("track").GetString()!,
            Uri = new Uri(file.GetProperty("path").GetString()!).AbsoluteUri,
            Size = file.GetProperty("bytes").GetInt64(),
        })
        : [];

    /// <summary>Notifies a client of the progress of a job: 100 for each of upload, task and download.</summary>
    private sealed class ProgressNotifications(McpServer server, ProgressToken token) : IProgress<JobProgress>
    {
        private static readonly string[] Phases = ["uploading", "processing", "downloading"];

        private readonly Lock _lock = new();
        private Task _last = Task.CompletedTask;
        private float _progress = -1;

        public void Report(JobProgress value)
        {
            var progress = (100 * Array.IndexOf(Phases, value.Status)) + (value.Percent ?? 0);
            lock (_lock)
            {
                // Progress only increases, and its notifications arrive in order.
                if (progress > _progress)
                {
                    _progress = progress;
                    var notification = new ProgressNotificationValue { Progress = progress, Total = 300, Message = value.Status };
                    _last = NotifyAsync(_last, notification);
                }
            }
        }

        private async Task NotifyAsync(Task last, ProgressNotificationValue value)
        {
            await last;
            try
            {
                await server.NotifyProgressAsync(token, value);
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
            {
                // The client has disconnected. The job continues.
            }
        }
    }
}
