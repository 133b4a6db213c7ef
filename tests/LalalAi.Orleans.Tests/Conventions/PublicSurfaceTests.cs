using System.Reflection;
using System.Xml.Linq;

namespace LalalAi.Cluster.Tests.Conventions;

/// <summary>Conventions for all public members.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(LalalAiClusterOptions).Assembly;

    private static IEnumerable<Type> Public =>
        Library.GetExportedTypes().Where(type => !type.Namespace!.StartsWith("OrleansCodeGen", StringComparison.Ordinal));

    [Test]
    public void Every_method_that_takes_time_takes_a_cancellation_token_last() =>
        Assert.That(
            from type in Public
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.Name.EndsWith("Async", StringComparison.Ordinal)
            where method.GetParameters() is not [.., { HasDefaultValue: true } last] || last.ParameterType != typeof(CancellationToken)
            select $"{type.Name}.{method.Name}",
            Is.Empty);

    [Test]
    public void Public_members_have_documentation()
    {
        var documented = XDocument.Load(Path.ChangeExtension(Library.Location, ".xml")).Descendants("member").Select(
            member => (string)member.Attribute("name")!).ToHashSet();

        Assert.That(Public.Where(type => !documented.Contains($"T:{type.FullName!.Replace('+', '.')}")), Is.Empty);
    }
}
