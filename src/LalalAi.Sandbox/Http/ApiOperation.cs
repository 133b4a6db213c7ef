using LalalAi.Sandbox.Contract;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>The implementation of one operation of the contract.</summary>
/// <param name="Contract">The contract of the operation.</param>
/// <param name="Handle">Handles a valid request.</param>
internal sealed record ApiOperation(OperationContract Contract, Func<ApiRequest, CancellationToken, Task<IResult>> Handle)
{
    /// <summary>The name in fault plans.</summary>
    public string Name => Contract.Name;

    /// <summary>Rejects a request before its body is read; null accepts it.</summary>
    public Func<ApiRequest, ApiResponse?> Admit { get; init; } = _ => null;

    /// <summary>Selects validation errors to ignore, because an option replaces the contract's rule.</summary>
    public Predicate<ValidationDetail> Waive { get; init; } = _ => false;
}
