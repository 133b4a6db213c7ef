using System.Text.RegularExpressions;
using LalalAi.Sandbox.Faults;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>The tables of the sandbox's page list what there is.</summary>
internal sealed partial class DocumentationTests : SandboxFixture
{
    private static readonly string Page = File.ReadAllText(Path.Combine(
        RepositoryRoot.Path, "docs", "sandbox.md"));

    [Test]
    public void The_table_of_faults_is_complete() =>
        Assert.That(Rows("fault").Select(fault => fault.Split('=')[0]), Is.EqualTo(FaultKind.All.Select(kind => kind.Name)));

    [Test]
    public void The_table_of_settings_is_complete() => Assert.That(Rows("setting").Select(setting => setting.Split('=')[0]), Is.EqualTo(FaultGrammar.Settings.Take(4)));

    [Test]
    public void The_table_of_license_keys_is_complete() => Assert.That(Rows("license key"), Is.EqualTo(MagicKey.All.Select(key => key.Name)));

    [Test]
    public async Task Table_of_endpoints_is_complete()
    {
        var endpoints = JObject.Parse(await Http.GetStringAsync("/_sandbox/"))["pages"]!.Select(endpoint => (string?)endpoint);

        Assert.That(Rows("endpoint"), Is.EqualTo(endpoints));
    }

    private static IEnumerable<string> Rows(string header) =>
        Page[Page.IndexOf($"| {header} |", StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => Code().Match(line).Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
