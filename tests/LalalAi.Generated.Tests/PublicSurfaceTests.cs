using PublicApiGenerator;

namespace LalalAi.Generated.Tests;

public sealed class PublicSurfaceTests
{
    [Test]
    public void The_generated_public_surface_changes_only_on_purpose() =>
        SnapshotAssert.Matches(
            typeof(LalalAiApiClient).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = ["System.CodeDom.Compiler.GeneratedCodeAttribute", "System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute"] }),
            "LalalAi.Generated");
}
