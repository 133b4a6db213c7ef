using LalalAi.Sandbox.Contract;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>What the sandbox does for one operation of the contract.</summary>
/// <param name="Contract">What the contract says about it.</param>
/// <param name="Handle">Answers a valid request.</param>
internal sealed record ApiOperation(OperationContract Contract, Func<ApiRequest, CancellationToken, Task<IResult>> Handle)
{
    /// <summary>What fault plans call it.</summary>
    public string Name => Contract.Name;

    /// <summary>Refuses a request before its body is read; null lets it pass.</summary>
    public Func<ApiRequest, ApiAnswer?> Admit { get; init; } = _ => null;

    /// <summary>Picks the faults of a body that do not count, because an option takes the place of the contract's rule.</summary>
    public Predicate<ValidationDetail> Waive { get; init; } = _ => false;
}
