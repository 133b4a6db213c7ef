using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.Contracts.Downloads;

namespace LalalAi.Cli.Diagnosis;

/// <summary>Compares the contract that the service publishes with the one that this version was made for.</summary>
internal static class ContractDiagnosis
{
    private const string Name = "Contract";
    private const string Embedded = "lalalai.yml";
    private const int MaxDetails = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public static async Task<Finding> RunAsync(Uri service, CancellationToken cancellationToken)
    {
        try
        {
            var address = new Uri(service, "api/v1/openapi.json").AbsoluteUri;
            var published = await ContractSource.GetAsync(address, Timeout, cancellationToken);
            using var own = new StreamReader(typeof(ContractDiagnosis).Assembly.GetManifestResourceStream(Embedded)!);
            return Compare(
                OpenApiDocument.Parse(await own.ReadToEndAsync(cancellationToken), Embedded),
                OpenApiDocument.Parse(published.Text, published.Name));
        }
        catch (ContractException exception)
        {
            return new Finding(Name, FindingStatus.Warning, $"not compared: {exception.Message}");
        }
    }

    private static Finding Compare(OpenApiDocument own, OpenApiDocument published)
    {
        var version = (string?)own.Root["info"]?["version"];
        var changes = DocumentComparison.Compare(own, published);
        if (changes.Count == 0)
        {
            return new Finding(Name, FindingStatus.Ok, $"the same as that of this version ({version})");
        }

        var breaking = changes.Count(change => change.IsBreaking);
        var details = changes
            .OrderByDescending(change => change.IsBreaking)
            .Select(change => change.ToString())
            .Take(MaxDetails)
            .Concat(changes.Count > MaxDetails ? [$"and {changes.Count - MaxDetails} more"] : []);
        return new Finding(
            Name,
            FindingStatus.Warning,
            $"{changes.Count} {(changes.Count == 1 ? "difference" : "differences")} from that of this version ({version}), "
                + $"{(breaking == 0 ? "none" : breaking)} of them breaking",
            breaking == 0
                ? "Additions work without an update; --unchecked sends what this version does not know."
                : "Look for an update: `dotnet tool update -g LalalAi.Cli`.")
        {
            Details = [.. details],
        };
    }
}
