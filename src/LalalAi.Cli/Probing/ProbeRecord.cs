using LalalAi.Sandbox;

namespace LalalAi.Cli.Probing;

/// <summary>
/// What a probe has found out so far. Each change is on disk before the probe continues, so that nothing is lost and nothing is paid twice
/// if it ends early.
/// </summary>
internal sealed class ProbeRecord(string path, BehaviorFile file)
{
    public BehaviorFile File { get; private set; } = file;

    /// <summary>Begins a file in which nothing is known yet.</summary>
    public static ProbeRecord Begin(string path, Uri service, DateTimeOffset now)
    {
        var file = new BehaviorFile { Service = service, Began = now };
        var record = new ProbeRecord(path, file with
        {
            NotSeen = file.FactsByName().ToDictionary(fact => fact.Name, _ => "The probe ended before it asked."),
        });
        record.Change(begun => begun);
        return record;
    }

    public void Change(Func<BehaviorFile, BehaviorFile> change)
    {
        File = change(File);
        File.Write(path);
    }

    /// <summary>Records a fact.</summary>
    public void See(string property, Func<SandboxBehavior, SandboxBehavior> fact) => Change(file => file with
    {
        Facts = fact(file.Facts),
        NotSeen = file.NotSeen.Where(entry => entry.Key != BehaviorFile.NameOf(property)).ToDictionary(),
    });

    /// <summary>Records why a fact cannot be known.</summary>
    public void Miss(string property, string reason) => Change(file => file with
    {
        NotSeen = new Dictionary<string, string>(file.NotSeen) { [BehaviorFile.NameOf(property)] = reason },
    });

    /// <summary>Records a fact, or why it is not known.</summary>
    public void Note<T>(string property, Observation<T> observation, Func<SandboxBehavior, T, SandboxBehavior> fact)
        where T : struct
    {
        if (observation.Value is { } value)
        {
            See(property, facts => fact(facts, value));
        }
        else
        {
            Miss(property, observation.Reason!);
        }
    }
}

/// <summary>What was seen, or why nothing was.</summary>
internal readonly record struct Observation<T>(T? Value, string? Reason)
    where T : struct
{
    public static implicit operator Observation<T>(T value) => new(value, null);

    public static implicit operator Observation<T>(string reason) => new(null, reason);
}
