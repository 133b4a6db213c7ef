using System.Reflection;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Probing;

/// <summary>A probe of a sandbox finds the configured behavior, for every fact at each of its values.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.All)]
public sealed class RoundTripTests
{
    /// <summary>How a sandbox behaves of which nothing is known.</summary>
    private static readonly SandboxBehavior Default = new()
    {
        SameKeyWhileQueued = ReusedKeyResponse.SameTask,
        UnknownTask = MissingTaskResponse.ServerError,
        ExpiredTask = MissingTaskResponse.ServerError,
        SourcesExpire = true,
        CheckWindow = CheckWindowKind.Sliding,
        ChargedSeconds = 1,
        CancelRefundsMinutes = false,
        RejectsUndecodableUploads = false,
        LinksSupportRanges = true,
        LinksHonorIfRange = true,
        LinkEntityTag = EntityTagKind.Strong,
        LinksHaveLastModified = true,
        LinksOutliveDelete = true,
    };

    private static readonly PropertyInfo[] Facts =
        typeof(SandboxBehavior).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    [Test]
    public async Task Probe_finds_the_defaults_of_a_sandbox_without_known_behavior() =>
        Assert.That(await ProbeAsync(null), Is.EqualTo(Default));

    [TestCaseSource(nameof(EachValue))]
    public async Task Probe_finds_how_the_sandbox_was_set_up(string fact, object value)
    {
        // A fact that cannot be seen beside this one is not known.
        var told = With(Default, fact, value);
        var expected = told is { LinksSupportRanges: false } ? told with { LinksHonorIfRange = null } : told;

        var found = await ProbeAsync(told);

        Assert.That(found, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(EachValue))]
    public async Task Sandbox_keeps_its_behavior_where_nothing_is_known(string fact, object value)
    {
        var told = With(new SandboxBehavior(), fact, value);
        var expected = With(Default, fact, value) switch
        {
            { LinksSupportRanges: false } without => without with { LinksHonorIfRange = null },
            // What has expired is unknown.
            { UnknownTask: not MissingTaskResponse.ServerError } other => other with { ExpiredTask = other.UnknownTask },
            var other => other,
        };

        Assert.That(await ProbeAsync(told), Is.EqualTo(expected));
    }

    private static IEnumerable<object[]> EachValue() =>
        from fact in Facts
        from value in ValuesOf(fact)
        select new[] { fact.Name, value };

    private static IEnumerable<object> ValuesOf(PropertyInfo fact) => Nullable.GetUnderlyingType(fact.PropertyType) switch
    {
        { IsEnum: true } type => Enum.GetValues(type).Cast<object>().Where(
            value => fact.Name != nameof(SandboxBehavior.UnknownTask) || !value.Equals(MissingTaskResponse.Reported)),
        var type when type == typeof(bool) => [true, false],
        // The least, one that six seconds do not fill, and a minute.
        var type when type == typeof(int) => [1, 10, 60],
        _ => throw new NotSupportedException($"{fact.Name} has a type without values to try."),
    };

    private static SandboxBehavior With(SandboxBehavior behavior, string fact, object value)
    {
        var changed = behavior with { };
        Facts.Single(each => each.Name == fact).SetValue(changed, value);
        return changed;
    }

    /// <summary>Probes a sandbox that starts with a file, today and a day later.</summary>
    private static async Task<SandboxBehavior> ProbeAsync(SandboxBehavior? told)
    {
        await using var run = await ProbeRun.StartAsync(told);
        await run.ProbeAsync(withLimits: true);
        await run.AskLaterAsync(TimeSpan.FromHours(25));

        return SandboxBehavior.Load(run.Path);
    }
}
