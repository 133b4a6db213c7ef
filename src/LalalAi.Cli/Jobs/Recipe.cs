using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Jobs;

/// <summary>What is done to every file of a run: a kind of task, and its presets.</summary>
internal sealed class Recipe
{
    private static readonly BatchOptions WithoutFallback = new() { FallBackToSingleStarts = false };

    private static readonly Dictionary<string, Type> Kinds = new(StringComparer.Ordinal)
    {
        ["stem_separator"] = typeof(StemSeparatorPresets),
        ["demuser"] = typeof(DemuserPresets),
        ["voice_clean"] = typeof(VoiceCleanPresets),
        ["multistem"] = typeof(MultistemPresets),
        ["voice_change"] = typeof(VoiceChangePresets),
    };

    private readonly TaskPresets _presets;
    private readonly bool _isUnchecked;

    private Recipe(TaskPresets presets, bool isUnchecked)
    {
        _presets = presets;
        _isUnchecked = isUnchecked;
        Kind = Kinds.First(kind => kind.Value == presets.GetType()).Key;
        Presets = JObject.FromObject(presets);
        Presets.Remove("task_type");
        Presets.Remove("label");
    }

    /// <summary>The kind's name, as the service spells it.</summary>
    public string Kind { get; }

    /// <summary>The presets as they are sent.</summary>
    public JObject Presets { get; }

    /// <summary>How often a file's duration is charged.</summary>
    public int Stems => _presets is MultistemPresets multistem ? Math.Max(1, multistem.StemList.Count) : 1;

    /// <summary>Whether the service starts many of the kind with one request.</summary>
    public bool HasBatches => _presets is StemSeparatorPresets or DemuserPresets or VoiceCleanPresets;

    public static Recipe Of(TaskPresets presets) => new(presets, isUnchecked: false);

    /// <summary>Returns the recipe without the contract's rules for presets.</summary>
    public Recipe Unchecked() => new(_presets, isUnchecked: true);

    /// <summary>Makes the recipe that a journal contains.</summary>
    public static Recipe From(string kind, JObject presets) => Kinds.TryGetValue(kind, out var type)
        ? Of((TaskPresets)presets.ToObject(type)!)
        : throw new UsageException($"The journal contains a kind of task, '{kind}', that this version does not know. Was it written by a newer one?");

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
    public Task<TaskId> StartAsync(ILalalAiClient client, SourceId source, Guid key, CancellationToken cancellationToken) =>
        client.StartAsync(source, _presets, new StartOptions { IdempotencyKey = key, ValidatePresets = !_isUnchecked }, cancellationToken);

    /// <summary>Starts up to 100 tasks with one request.</summary>
    public Task<IReadOnlyList<StartResult>> StartManyAsync(ILalalAiClient client, IEnumerable<(SourceId Source, Guid Key)> items, CancellationToken cancellationToken) =>
        client.StartBatchAsync(items.Select(item => new StartRequest(item.Source, _presets, item.Key)), WithoutFallback with { ValidatePresets = !_isUnchecked }, cancellationToken);
}
