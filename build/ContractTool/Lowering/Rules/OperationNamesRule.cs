using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>operationId</c> -> a method's name made of the path: <c>/api/v1/split/batch/demuser/</c> becomes <c>SplitBatchDemuser</c>. NSwag
/// takes the contract's machine-made ids as they are (<c>Batch_split_split_batch_demuserAsync</c>); some of them name what the operation
/// was called years ago.
/// </summary>
internal sealed partial class OperationNamesRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var names = new Dictionary<string, string>();

        // In an order of its own: a method must not change its name because the document lists another one first, or a new one beside it.
        var operations = context.Document.Operations()
            .OrderBy(operation => operation.Path, StringComparer.Ordinal)
            .ThenBy(operation => operation.Method != "post")
            .ThenBy(operation => OpenApiDocument.Methods.IndexOf(operation.Method));
        foreach (var (path, method, operation) in operations)
        {
            if (!Path().IsMatch(path)
                || CSharpName.From(
                    VersionPrefix().Replace(path, string.Empty).Replace("{", "by_", StringComparison.Ordinal)) is not { } name)
            {
                throw new ContractException(
                    "LC0251",
                    $"The path `{path}` has characters that no path of this API needs, or gives no C# name. Remove it in the overlay, or "
                        + "extend OperationNamesRule.",
                    SourceLocation.Of(operation));
            }

            if (!names.TryAdd(name, path))
            {
                name += CSharpName.From(method);
                if (!names.TryAdd(name, path))
                {
                    throw new ContractException(
                        "LC0250",
                        $"`{path}` and `{names[name]}` would both be called `{name}`. Extend OperationNamesRule to tell them apart.",
                        SourceLocation.Of(operation));
                }
            }

            operation["operationId"] = name;
        }

        return names.Count;
    }

    /// <summary>What may stand in a C# literal.</summary>
    [GeneratedRegex(@"^/[A-Za-z0-9_.~{}/-]*\z")]
    private static partial Regex Path();

    /// <summary>Only the first version goes without saying: a second one of the same operation needs a name too.</summary>
    [GeneratedRegex("^/?(api/)?(v1/)?")]
    private static partial Regex VersionPrefix();
}
