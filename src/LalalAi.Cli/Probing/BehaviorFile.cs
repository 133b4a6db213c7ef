using LalalAi.Cli.Failures;
using LalalAi.Sandbox;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace LalalAi.Cli.Probing;

/// <summary>A task that a probe started, or may have started.</summary>
/// <param name="IdempotencyKey">The key of its start, which is written before the start.</param>
/// <param name="TaskId">Its ID, or <see langword="null"/> if the response to the start never came.</param>
internal sealed record ProbeTask(Guid IdempotencyKey, string? TaskId);

/// <summary>What a probe leaves for the questions that it asks after a day.</summary>
internal sealed record ProbeTrace
{
    public IReadOnlyList<ProbeTask> Tasks { get; init; } = [];

    /// <summary>A source that the probe did not delete, or <see langword="null"/> if nothing was uploaded.</summary>
    public string? SourceId { get; init; }
}

/// <summary>
/// What a probe found out: the facts, which <see cref="SandboxBehavior.Load"/> reads, and why others are not known. It contains neither the
/// license key nor links.
/// </summary>
internal sealed record BehaviorFile
{
    private static readonly SnakeCaseNamingStrategy Names = new();

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = Names },
        Converters = { new StringEnumConverter(Names, allowIntegerValues: false) },
    });

    public int Version { get; init; } = SandboxBehavior.FileVersion;

    public required Uri Service { get; init; }

    public required DateTimeOffset Began { get; init; }

    public SandboxBehavior Facts { get; init; } = new();

    /// <summary>The reason why a fact is not known, by its name.</summary>
    public IReadOnlyDictionary<string, string> NotSeen { get; init; } = new Dictionary<string, string>();

    public ProbeTrace Probe { get; init; } = new();

    /// <summary>The facts by name, in order; those that are not known are null.</summary>
    public IEnumerable<JProperty> FactsByName() => JObject.FromObject(Facts, Serializer).Properties();

    /// <summary>The name of a fact in the file.</summary>
    public static string NameOf(string property) => Names.GetPropertyName(property, hasSpecifiedName: false);

    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static BehaviorFile Read(string path)
    {
        try
        {
            // It is as strict as the sandbox about the facts.
            SandboxBehavior.Load(path);
            return JObject.Parse(File.ReadAllText(path)).ToObject<BehaviorFile>(Serializer)!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(exception is JsonException ? $"'{path}' is damaged: {exception.Message}" : exception.Message);
        }
    }

    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            var temporary = $"{path}.{Environment.ProcessId}.tmp";
            File.WriteAllText(temporary, JObject.FromObject(this, Serializer).ToString(Formatting.Indented) + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be written: {exception.Message}");
        }
    }
}
