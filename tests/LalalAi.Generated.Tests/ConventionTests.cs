using System.Reflection;

namespace LalalAi.Generated.Tests;

/// <summary>Conventions for all generated types and members.</summary>
public sealed class ConventionTests
{
    private static readonly Type[] Types = typeof(LalalAiApiClient).Assembly.GetExportedTypes();

    [Test]
    public void Types_are_not_named_like_those_of_the_framework_or_like_a_fallback_of_the_generator() =>
        Assert.That(Types.Select(type => type.Name), Has.None.Matches("^(Task|Response[0-9]*|[A-Za-z]*[0-9]+|.*_.*|Size|Code|FileParameter)$"));

    [Test]
    public void Every_member_is_in_pascal_case() =>
        Assert.That(
            from type in Types
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where member is PropertyInfo or FieldInfo { IsLiteral: true } or MethodInfo { IsSpecialName: false }
            select $"{type.Name}.{member.Name}",
            Has.None.Matches(@"\.(.*_.*|[a-z].*)$").Or.Matches(@"\.value__$"));

    [Test]
    public void Every_operation_takes_a_cancellation_token_last() =>
        Assert.That(
            typeof(ILalalAiApiClient).GetMethods().Where(method => method.GetParameters()[^1] is not { ParameterType: var type, HasDefaultValue: true } || type != typeof(CancellationToken)),
            Is.Empty);

    [Test]
    public void Every_object_keeps_what_the_contract_does_not_declare() =>
        Assert.That(
            Types.Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null && type.GetProperty("AdditionalProperties") is null && type != typeof(UnknownTaskPresets)),
            Is.Empty);

    [Test]
    public void Every_open_enum_lists_its_known_values()
    {
        var enums = Types.Where(type => typeof(IOpenEnum).IsAssignableFrom(type) && type.IsValueType).ToList();

        Assert.That(enums.Select(type => type.Name), Does.Contain("Stem").And.Contain("SplitterModel").And.Contain("TrackType"));
        Assert.That(enums.Where(type => ((System.Collections.IEnumerable)type.GetProperty("KnownValues")!.GetValue(null)!).Cast<IOpenEnum>().All(value => value.Value.Length == 0)), Is.Empty);
    }
}
