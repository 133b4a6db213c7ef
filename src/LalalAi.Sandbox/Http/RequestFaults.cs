using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// The faults that apply to one request. Faults of the transport take effect at once. The operation asks for the others.
/// </summary>
internal sealed class RequestFaults(HttpContext context, string operation, RequestEntry log, TimeProvider clock)
{
    // Byte counts refer to the media: the request body of an upload, and the response otherwise.
    private const string UploadOperation = "upload";

    // A timer is limited to 49 days, a delay to a year.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(45);

    private readonly List<(Fault Fault, Source? Source)> _applied = [];

    /// <summary>The request in the log.</summary>
    public RequestEntry Log => log;

    /// <summary>Applies a plan.</summary>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="source">The file whose name contains the plan; null for a plan of the request.</param>
    /// <returns>The response that replaces that of the operation; null to continue.</returns>
    public async Task<IResult?> ApplyAsync(FaultPlan? plan, Source? source = null)
    {
        if (plan?.Take(operation) is not { } entry)
        {
            return null;
        }

        log.Applied(entry.Text);
        foreach (var fault in entry.Faults)
        {
            _applied.Add((fault, source));
            if (await PerformAsync(fault).ConfigureAwait(false) is { } response)
            {
                return response;
            }
        }

        return null;
    }

    /// <summary>Applies the faults in the names of files, each file once.</summary>
    public async Task<IResult?> ApplyAsync(IEnumerable<Source> sources)
    {
        foreach (var source in sources.Distinct())
        {
            if (await ApplyAsync(source.Faults, source).ConfigureAwait(false) is { } response)
            {
                return response;
            }
        }

        return null;
    }

    /// <summary>The fault of a kind that applies to the whole request.</summary>
    public Fault? Find(FaultKind kind) => _applied.FirstOrDefault(applied => applied.Fault.Kind == kind).Fault;

    /// <summary>
    /// The fault of a kind that applies to an item of a request: a fault in the name of its file or, for the first item, a fault of the
    /// request.
    /// </summary>
    public Fault? Find(FaultKind kind, Source source, bool isFirst) =>
        _applied
            .FirstOrDefault(applied => applied.Fault.Kind == kind && (applied.Source == source || (applied.Source is null && isFirst)))
            .Fault;

    /// <summary>Whether the response about a file deviates from the contract.</summary>
    public bool HasUndocumentedValues(Source? source) =>
        _applied.Exists(
            applied => applied.Fault.Kind == FaultKind.UndocumentedValues && (applied.Source is null || applied.Source == source));

    private async Task<IResult?> PerformAsync(Fault fault)
    {
        if (fault.Kind == FaultKind.Delay)
        {
            for (var left = fault.Duration; left > TimeSpan.Zero; left -= LongestTimer)
            {
                var delay = left < LongestTimer ? left : LongestTimer;
                await Task.Delay(delay, clock, context.RequestAborted).ConfigureAwait(false);
            }

            return null;
        }

        return fault.Kind == FaultKind.Status || fault.Kind == FaultKind.Html ? FaultResponse.Create(fault, operation) : Cut(fault);
    }

    private ConnectionReset? Cut(Fault fault)
    {
        if (fault.Kind == FaultKind.Reset && fault.Number is null)
        {
            return ConnectionReset.Instance;
        }

        if (fault.Kind == FaultKind.Reset && operation == UploadOperation)
        {
            context.Request.Body = new CutRequestBody(context, fault.Number!.Value);
        }
        else if (ResponseCut.Of(fault) is { } cut)
        {
            context.Response.Body = new CutResponseBody(context, cut);
        }

        return null;
    }
}
