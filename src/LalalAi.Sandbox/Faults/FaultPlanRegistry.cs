using System.Collections.Concurrent;
using LalalAi.Sandbox.Contract;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Faults;

/// <summary>
/// The fault plans by origin. A plan in a header, a file name or a license key applies to every request that carries it.
/// </summary>
internal sealed class FaultPlanRegistry
{
    public const string Header = "X-Sandbox-Fault";
    private const int MaxHeaders = 10_000;

    private readonly ConcurrentDictionary<string, FaultPlan> _headers = new(StringComparer.Ordinal);

    public FaultPlanRegistry(ServiceContract contract)
    {
        Grammar = new FaultGrammar(contract.Operations.Values.Select(operation => operation.Name));
        Ordered = new FaultPlan(Grammar, times: 1);
    }

    /// <summary>The parser of plans.</summary>
    public FaultGrammar Grammar { get; }

    /// <summary>The plan that was set in code or at <c>/_sandbox/faults</c>.</summary>
    public FaultPlan Ordered { get; }

    /// <summary>The plan in a request's header. Equal headers share one plan and its counts.</summary>
    /// <exception cref="FaultPlanException">The header is not a valid plan, or there were too many different headers.</exception>
    public FaultPlan? InHeader(HttpRequest request) =>
        !request.Headers.TryGetValue(Header, out var text) ? null
        : _headers.TryGetValue(text.ToString(), out var known) ? known
        : _headers.Count < MaxHeaders ? _headers.GetOrAdd(text.ToString(), value => Create(value)!)
        : throw new FaultPlanException($"The sandbox keeps at most {MaxHeaders} different {Header} headers. Reset it to use others.");

    /// <exception cref="FaultPlanException">The plan in the file name is not valid.</exception>
    public FaultPlan? InFileName(string name) => Create(FaultNotation.FindInFileName(name));

    /// <exception cref="FaultPlanException">The plan in the key is not valid.</exception>
    public FaultPlan? Of(MagicKey? key) => Create(key?.Faults);

    public void Clear()
    {
        Ordered.Clear();
        _headers.Clear();
    }

    private FaultPlan? Create(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var plan = new FaultPlan(Grammar, times: null);
        plan.Add(text);
        return plan;
    }
}
