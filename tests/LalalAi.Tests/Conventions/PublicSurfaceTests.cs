using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PublicApiGenerator;

namespace LalalAi.Tests.Conventions;

/// <summary>Conventions for all public members.</summary>
public sealed partial class PublicSurfaceTests
{
    private static readonly Assembly Library = typeof(LalalAiClient).Assembly;

    [Test]
    public void The_public_surface_changes_only_on_purpose() =>
        SnapshotAssert.Matches(
            ParsableInterface().Replace(
                Library.GeneratePublicApi(new ApiGeneratorOptions
                {
                    IncludeAssemblyAttributes = false,
                    ExcludeAttributes = ["System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute"],
                }),
                string.Empty),
            "LalalAi");

    [Test]
    public void Every_method_that_takes_time_takes_a_cancellation_token_last() =>
        Assert.That(
            from type in Library.GetExportedTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name != "DisposeAsync"
            where method.GetParameters() is not [.., { ParameterType: var last, HasDefaultValue: true }] || last != typeof(CancellationToken)
            select $"{type.Name}.{method.Name}",
            Is.Empty);

    [Test]
    public void Public_members_have_documentation()
    {
        var documented = XDocument.Load(Path.ChangeExtension(Library.Location, ".xml")).Descendants("member").Select(member => (string)member.Attribute("name")!).ToHashSet();

        Assert.That(Library.GetExportedTypes().Where(type => !documented.Contains($"T:{type.FullName!.Replace('+', '.')}")), Is.Empty);
        Assert.That(
            from type in Library.GetExportedTypes()
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            let name = $"P:{type.FullName}.{property.Name}"
            where !documented.Contains(name) && property.DeclaringType!.GetMethod("<Clone>$") is null
            select name,
            Is.Empty);
    }

    [Test]
    public void Names_contain_no_abbreviations_and_no_vague_words() =>
        Assert.That(
            // Without what the compiler and the polyfills put in.
            Library.GetTypes().Where(type => !type.Name.StartsWith('<') && type.Namespace?.StartsWith("LalalAi", StringComparison.Ordinal) == true).Select(type => type.Name),
            Has.None.Matches("(Helper|Manager|Util|Info|Impl)$"));

    // .NET Standard does not have it; both builds share one snapshot.
    [GeneratedRegex(@", System\.IParsable<[\w.]+>")]
    private static partial Regex ParsableInterface();
}
