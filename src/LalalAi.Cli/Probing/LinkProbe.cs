using System.Net;
using System.Net.Http.Headers;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Probing;

/// <summary>Finds out what download links support.</summary>
internal sealed class LinkProbe(ProbeConnection service, ProbeRecord record)
{
    /// <summary>The facts that it finds out.</summary>
    public static readonly IReadOnlyList<string> Facts =
    [
        nameof(SandboxBehavior.LinksSupportRanges), nameof(SandboxBehavior.LinksHonorIfRange), nameof(SandboxBehavior.LinkEntityTag),
        nameof(SandboxBehavior.LinksHaveLastModified),
    ];

    private static readonly RangeHeaderValue Range = new(100, 199);

    public async Task RunAsync(Uri link, CancellationToken cancellationToken)
    {
        using var whole = await service.GetLinkAsync(link, range: null, ifRange: null, cancellationToken);
        if (whole.StatusCode != HttpStatusCode.OK)
        {
            foreach (var fact in Facts)
            {
                record.Miss(fact, $"The download was answered with HTTP {(int)whole.StatusCode}.");
            }

            return;
        }

        var tag = whole.Headers.ETag switch
        {
            null => EntityTagKind.None,
            { IsWeak: true } => EntityTagKind.Weak,
            _ => EntityTagKind.Strong,
        };
        record.See(nameof(SandboxBehavior.LinkEntityTag), facts => facts with { LinkEntityTag = tag });
        var hasTime = whole.Content.Headers.LastModified is not null;
        record.See(nameof(SandboxBehavior.LinksHaveLastModified), facts => facts with { LinksHaveLastModified = hasTime });

        var content = await whole.Content.ReadAsByteArrayAsync(cancellationToken);
        using var part = await service.GetLinkAsync(link, Range, ifRange: null, cancellationToken);
        var supportsRanges = await ReadAsync(part, content, cancellationToken);
        record.Note(
            nameof(SandboxBehavior.LinksSupportRanges), supportsRanges, (facts, value) => facts with { LinksSupportRanges = value });

        if (supportsRanges.Value != true)
        {
            record.Miss(nameof(SandboxBehavior.LinksHonorIfRange), "Links do not support ranges.");
            return;
        }

        using var changed = await service.GetLinkAsync(link, Range, ifRange: "lalalai-probe", cancellationToken);
        Observation<bool> sendsPart = await ReadAsync(changed, content, cancellationToken);
        record.Note(
            nameof(SandboxBehavior.LinksHonorIfRange), sendsPart, (facts, value) => facts with { LinksHonorIfRange = !value });
    }

    /// <summary>Whether a response is the part that was asked for, and not the whole track.</summary>
    private static async Task<Observation<bool>> ReadAsync(
        HttpResponseMessage response, byte[] content, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => false,
            HttpStatusCode.PartialContent when bytes.AsSpan().SequenceEqual(content.AsSpan(100, 100)) => true,
            HttpStatusCode.PartialContent => "The range that the link sent is not the one that was asked for.",
            var status => $"A request for a range was answered with HTTP {(int)status}.",
        };
    }
}
