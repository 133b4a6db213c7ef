using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// The faults that strike one request. Those of the transport happen as soon as they strike; the others are there for the operation to ask
/// for.
/// </summary>
internal sealed class RequestFaults(HttpContext context, string operation, RequestEntry log, TimeProvider clock)
{
    // The bytes that count are those of the media: of the body of an upload, of the answer otherwise.
    private const string UploadOperation = "upload";

    // A timer can run for 49 days, a delay for a year.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(45);

    private readonly List<(Fault Fault, Source? Source)> _struck = [];

    /// <summary>The request in the log.</summary>
    public RequestEntry Log => log;

    /// <summary>Lets a plan strike.</summary>
    /// <param name="plan">The plan; null for none.</param>
    /// <param name="source">The file that the plan belongs to; null when it concerns the request as a whole.</param>
    /// <returns>The response that replaces that of the operation; null to continue.</returns>
    public async Task<IResult?> StrikeAsync(FaultPlan? plan, Source? source = null)
    {
        if (plan?.Strike(operation) is not { } entry)
        {
            return null;
        }

        log.Struck(entry.Text);
        foreach (var fault in entry.Faults)
        {
            _struck.Add((fault, source));
            if (await PerformAsync(fault).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>Lets the names of files strike, each once.</summary>
    public async Task<IResult?> StrikeAsync(IEnumerable<Source> sources)
    {
        foreach (var source in sources.Distinct())
        {
            if (await StrikeAsync(source.Faults, source).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>The fault of a kind that concerns the whole request.</summary>
    public Fault? Find(FaultKind kind) => _struck.FirstOrDefault(struck => struck.Fault.Kind == kind).Fault;

    /// <summary>
    /// The fault of a kind that concerns one of a request's items: one that came with the item's file, or any other when the item is the
    /// first.
    /// </summary>
    public Fault? Find(FaultKind kind, Source source, bool isFirst) =>
        _struck
            .FirstOrDefault(struck => struck.Fault.Kind == kind && (struck.Source == source || (struck.Source is null && isFirst)))
            .Fault;

    /// <summary>Whether an answer about a file is to be in the dialect that the service has been seen to speak.</summary>
    public bool IsEnhanced(Source? source) =>
        _struck.Exists(struck => struck.Fault.Kind == FaultKind.Enhanced && (struck.Source is null || struck.Source == source));

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

        return fault.Kind == FaultKind.Status || fault.Kind == FaultKind.Html ? FaultAnswer.Create(fault, operation) : Cut(fault);
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
        else if (AnswerCut.Of(fault) is { } cut)
        {
            context.Response.Body = new CutResponseBody(context, cut);
        }

        return null;
    }
}
