using LalalAi.Generated;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Jobs;

/// <summary>What is done to every file of a run: a kind of task, and its presets.</summary>
internal abstract class Recipe
{
    /// <summary>The kind's name, as the service spells it.</summary>
    public required string Kind { get; init; }

    /// <summary>The presets as they are sent.</summary>
    public required JObject Presets { get; init; }

    /// <summary>How often a file's duration is charged.</summary>
    public int Stems { get; init; } = 1;

    /// <summary>Whether the service starts many of the kind with one request.</summary>
    public abstract bool HasBatches { get; }

    public static Recipe Of(StemSeparatorPresets presets) => new Recipe<StemSeparatorPresets>("stem_separator", presets, (client, source, start, token) => client.StartAsync(source, presets, start, token))
    {
        StartMany = (client, items, token) => client.StartBatchAsync(items, WithoutFallback, token),
    };

    public static Recipe Of(DemuserPresets presets) => new Recipe<DemuserPresets>("demuser", presets, (client, source, start, token) => client.StartAsync(source, presets, start, token))
    {
        StartMany = (client, items, token) => client.StartBatchAsync(items, WithoutFallback, token),
    };

    public static Recipe Of(VoiceCleanPresets presets) => new Recipe<VoiceCleanPresets>("voice_clean", presets, (client, source, start, token) => client.StartAsync(source, presets, start, token))
    {
        StartMany = (client, items, token) => client.StartBatchAsync(items, WithoutFallback, token),
    };

    public static Recipe Of(MultistemPresets presets) => new Recipe<MultistemPresets>("multistem", presets, (client, source, start, token) => client.StartAsync(source, presets, start, token))
    {
        Stems = Math.Max(1, presets.StemList.Count),
    };

    public static Recipe Of(VoiceChangePresets presets) => new Recipe<VoiceChangePresets>("voice_change", presets, (client, source, start, token) => client.ChangeVoiceAsync(source, presets, start, token));

    /// <summary>Makes the recipe that a journal tells of.</summary>
    public static Recipe From(string kind, JObject presets) => kind switch
    {
        "stem_separator" => Of(presets.ToObject<StemSeparatorPresets>()!),
        "demuser" => Of(presets.ToObject<DemuserPresets>()!),
        "voice_clean" => Of(presets.ToObject<VoiceCleanPresets>()!),
        "multistem" => Of(presets.ToObject<MultistemPresets>()!),
        "voice_change" => Of(presets.ToObject<VoiceChangePresets>()!),
        _ => throw new UsageException($"The journal tells of a kind of task, '{kind}', that this version does not know. Was it written by a newer one?"),
    };

    /// <summary>Checks that the presets go together, before anything is uploaded.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    public async Task CheckAsync(ILalalAiClient client)
    {
        try
        {
            // The client looks at the presets first, then at the source, and sends nothing without one.
            await StartAsync(client, default, Guid.Empty, CancellationToken.None);
        }
        catch (ArgumentException exception) when (exception.ParamName == "presets")
        {
            throw new UsageException(Failure.Describe(exception));
        }
        catch (ArgumentException)
        {
            // There is no source, and nothing was sent.
        }
    }

    /// <summary>Starts one task.</summary>
    public abstract Task<TaskId> StartAsync(ILalalAiClient client, SourceId source, Guid key, CancellationToken cancellationToken);

    /// <summary>Starts up to 100 tasks with one request.</summary>
    public abstract Task<IReadOnlyList<StartResult>> StartManyAsync(ILalalAiClient client, IEnumerable<(SourceId Source, Guid Key)> items, CancellationToken cancellationToken);

    private static readonly BatchOptions WithoutFallback = new() { FallBackToSingleStarts = false };
}

/// <inheritdoc/>
internal sealed class Recipe<TPresets> : Recipe
    where TPresets : class
{
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings { NullValueHandling = NullValueHandling.Ignore });

    private readonly TPresets _presets;
    private readonly Func<ILalalAiClient, SourceId, StartOptions, CancellationToken, Task<TaskId>> _start;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public Recipe(string kind, TPresets presets, Func<ILalalAiClient, SourceId, StartOptions, CancellationToken, Task<TaskId>> start)
    {
        Kind = kind;
        Presets = JObject.FromObject(presets, Serializer);
        _presets = presets;
        _start = start;
    }

    public Func<ILalalAiClient, IEnumerable<StartRequest<TPresets>>, CancellationToken, Task<IReadOnlyList<StartResult>>>? StartMany { get; init; }

    public override bool HasBatches => StartMany is not null;

    public override Task<TaskId> StartAsync(ILalalAiClient client, SourceId source, Guid key, CancellationToken cancellationToken) =>
        _start(client, source, new StartOptions { IdempotencyKey = key }, cancellationToken);

    public override Task<IReadOnlyList<StartResult>> StartManyAsync(ILalalAiClient client, IEnumerable<(SourceId Source, Guid Key)> items, CancellationToken cancellationToken) =>
        StartMany!(client, items.Select(item => new StartRequest<TPresets>(item.Source, _presets, item.Key)), cancellationToken);
}
