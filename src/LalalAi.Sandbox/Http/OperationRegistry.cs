using LalalAi.Sandbox.Contract;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// The operations by path. Paths match exactly, including case and trailing slash. A router would be more lenient than the service.
/// </summary>
internal sealed class OperationRegistry(ServiceContract contract)
{
    private readonly Dictionary<string, ApiOperation> _operations = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Paths => _operations.Keys;

    public ApiOperation? Find(string? path) => path is null ? null : _operations.GetValueOrDefault(path);

    /// <summary>Adds the implementation of a path, if the contract has that path.</summary>
    public void Add(
        string name,
        Func<ApiRequest,
        CancellationToken,
        Task<IResult>> handle,
        Func<ApiOperation, ApiOperation>? configure = null)
    {
        var path = OperationContract.Root + name;
        if (contract.Operations.TryGetValue(path, out var described))
        {
            var operation = new ApiOperation(described, handle);
            _operations[path] = configure?.Invoke(operation) ?? operation;
        }
    }

    public void Add(string name, Func<ApiRequest, ApiResponse> handle, Func<ApiOperation, ApiOperation>? configure = null) =>
        Add(name, (request, _) => Task.FromResult<IResult>(handle(request)), configure);
}
