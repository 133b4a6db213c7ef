using System.Reflection;
using System.Runtime.Versioning;
using LalalAi.Generated;

namespace LalalAi.Tests;

/// <summary>Verifies that this project tests the .NET Standard build.</summary>
public sealed class BuildTests
{
    private static readonly Assembly[] Libraries = [typeof(LalalAiClient).Assembly, typeof(LalalAiApiClient).Assembly];

    [TestCaseSource(nameof(Libraries))]
    public void The_library_is_its_build_for_net_standard(Assembly library) =>
        Assert.That(library.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName, Is.EqualTo(".NETStandard,Version=v2.0"));
}
