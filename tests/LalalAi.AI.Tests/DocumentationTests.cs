using System.Text.Json;
using System.Text.RegularExpressions;

namespace LalalAi.AI.Tests;

/// <summary>docs/agents.md names all tools, states and options, and its configurations are JSON.</summary>
public sealed partial class DocumentationTests : AgentFixture
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/agents.md")).ReplaceLineEndings("\n");

    [Test]
    public async Task Every_function_is_in_the_table_of_tools()
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        Assert.That(Rows("tool"), Is.EqualTo(functions.Select(function => function.Name)));
    }

    [Test]
    public void Every_option_is_in_the_table_of_options() =>
        Assert.That(Tables("option").Last(), Is.EquivalentTo(typeof(LalalAiFunctionsOptions).GetProperties().Select(property => property.Name)));

    [Test]
    public async Task Every_status_is_named()
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);
        var statuses = functions.Single(function => function.Name == "status").ReturnJsonSchema!.Value.GetProperty("properties").GetProperty("status").GetProperty("enum");

        Assert.That(statuses.EnumerateArray().Where(status => !Page.Contains($"`{status}`", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Every_configuration_starts_the_server()
    {
        var configurations = JsonBlock().Matches(Page).Select(match => JsonSerializer.Deserialize<JsonElement>(match.Groups[1].Value)).ToList();
        var servers = configurations.Select(configuration => configuration.TryGetProperty("mcpServers", out var named) ? named : configuration.GetProperty("servers")).ToList();

        Assert.That(servers.Select(server => server.GetProperty("lalalai").GetProperty("args")[0].GetString()), Is.EqualTo(new[] { "mcp", "mcp" }));
    }

    private static IReadOnlyList<string> Rows(string header) => Tables(header).Single();

    private static IEnumerable<IReadOnlyList<string>> Tables(string header) =>
        from table in Page.Split("\n\n")
        where table.StartsWith($"| {header} |", StringComparison.Ordinal)
        select (IReadOnlyList<string>)[.. table.Split('\n').Skip(2).Select(row => Code().Match(row).Groups[1].Value).Where(code => code.Length > 0)];

    [GeneratedRegex("`(.+?)`")]
    private static partial Regex Code();

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex JsonBlock();
}
