namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class UpdateFromFileTests : UpdateTestBase
{
    [Test]
    public void The_facts_of_a_newer_contract_are_merged_into_the_vendored_one()
    {
        var run = Update(Folder.Write("newer.yml", Newer));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        Assert.That(run.Output, Does.Contain("+ operation POST /b/").And.Contain("has the new facts").And.Contain("raise: minor").And.Contain("dotnet test").And.Contain("snapshots"));
        AssertContractIs(Merged);
        Assert.That(Folder.Names, Is.EquivalentTo(new[] { "lalalai.yml", "newer.yml" }));
    }

    [Test]
    public void A_second_run_changes_nothing()
    {
        Update(Folder.Write("newer.yml", Newer));
        var run = Update(Folder["newer.yml"]);
        Assert.That((run.ExitCode, run.Output.Trim()), Is.EqualTo((0, "No fact changed: the contracts differ at most in prose, order and notation.")));
        AssertContractIs(Merged);
    }

    [Test]
    public void The_publishers_prose_that_came_along_is_listed()
    {
        var run = Update(Folder.Write("newer.yml", Newer));
        Assert.That(run.Output, Does.Contain("Reword").And.Contain("$.paths['/b/'].post.summary").And.Not.Contain("$.paths['/a/']"));
    }

    [Test]
    public void A_contract_that_breaks_callers_is_merged_and_reported_as_one()
    {
        var run = Update(Folder.Write("newer.yml", "openapi: 3.1.0\npaths: {/b/: {post: {}}}\n"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, "")));
        Assert.That(run.Output, Does.Contain("raise: major"));
        AssertContractIs("openapi: 3.1.0\n\npaths:\n  /b/:\n    post: {}\n");
    }

    [Test]
    public void A_contract_in_JSON_is_merged_as_YAML()
    {
        const string json = """{"openapi": "3.1.0", "info": {"version": "1.0.0"}, "paths": {"/b/": {"post": {"summary": "Their words.", "responses": {}}}, "/a/": {"post": {"responses": {"200": {}}}}}}""";
        Assert.That(Update(Folder.Write("newer.json", json)).ExitCode, Is.EqualTo(1));
        AssertContractIs(Merged);
    }

    [Test]
    public void Names_are_suggested_for_new_schemas_only()
    {
        var withSchema = Newer.TrimEnd() + "\ncomponents: {schemas: {New: {type: object}}}\n";
        Assert.That(Update(Folder.Write("newer.yml", Newer), "--dry-run").Output, Does.Not.Contain("x-csharp-name"));
        Assert.That(Update(Folder.Write("newer.yml", withSchema)).Output, Does.Contain("x-csharp-name"));
    }

    [Test]
    public void New_words_for_the_same_facts_change_nothing()
    {
        var run = Update(Folder.Write("newer.yml", Vendored.Replace("Our words", "Words their", StringComparison.Ordinal)));
        Assert.That(run.ExitCode, Is.Zero);
        AssertContractIs(Vendored);
    }

    [Test]
    public void A_report_is_written_in_a_dry_run_too()
    {
        Update(Folder.Write("newer.yml", Newer), "--dry-run", "--report", Folder["report.md"]);
        Assert.That(File.ReadAllText(Folder["report.md"]), Does.Contain("- `operation POST /b/`").And.Contain("- `ILalalAiApiClient.BAsync`").And.Contain("Raise: minor."));
        AssertContractIs(Vendored);
    }

    [Test]
    public void The_changelog_gets_an_entry_in_its_unreleased_section()
    {
        var changelog = Folder.Write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n\n## [0.1.0]\n\n### Added\n\n- Two.\n");
        Update(Folder.Write("newer.yml", Newer), "--changelog", changelog);
        Assert.That(File.ReadAllText(changelog), Is.EqualTo("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n- From the service's contract: `ILalalAiApiClient.BAsync`.\n\n## [0.1.0]\n\n### Added\n\n- Two.\n"));
    }

    [Test]
    public void The_changelog_gets_the_sections_that_it_lacks()
    {
        var changelog = Folder.Write("CHANGELOG.md", "# Changelog\n\n## [0.1.0]\n\n- Two.\n");
        Update(Folder.Write("newer.yml", Newer.Replace("/a/:", "/c/:", StringComparison.Ordinal)), "--changelog", changelog);
        Assert.That(
            File.ReadAllText(changelog),
            Does.Contain("## [Unreleased]\n\n### Added\n\n- From the service's contract: `ILalalAiApiClient.BAsync`, `ILalalAiApiClient.CAsync`.\n\n### Removed\n\n- From the service's contract: `ILalalAiApiClient.AAsync`.\n\n## [0.1.0]"));
    }

    [Test]
    public void A_changelog_that_is_not_there_leaves_the_contract_alone()
    {
        var run = Update(Folder.Write("newer.yml", Newer), "--changelog", Folder["none.md"]);
        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.Contain("none.md"));
        AssertContractIs(Vendored);
    }

    [Test]
    public void Text_of_the_publisher_is_neither_a_new_line_nor_markup()
    {
        var hostile = Newer.Replace("version: 1.0.0", "version: \"1`<b>\\n::error::\\e[31m\"", StringComparison.Ordinal);
        var run = Update(Folder.Write("newer.yml", hostile), "--report", Folder["report.md"]);
        Assert.That(run.Output, Does.Contain("-> 1`<b>\\u000a::error::\\u001b[31m"));
        Assert.That(File.ReadAllText(Folder["report.md"]), Does.Contain("- `` contract: version 1.0.0 -> 1`<b>\\u000a::error::\\u001b[31m ``"));
    }

    [Test]
    public void A_dry_run_reports_and_changes_nothing()
    {
        var run = Update(Folder.Write("newer.yml", Newer), "--dry-run");
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("+ operation POST /b/").And.Contain("Dry run").And.Not.Contain("has the new facts"));
        AssertContractIs(Vendored);
    }

    [Test]
    public void An_overlay_that_no_longer_applies_stops_the_update()
    {
        var overlay = Folder.Write("overlay.yml", "overlay: 1.0.0\nactions:\n- target: $.paths['/gone/']\n  description: Why.\n  remove: true\n");
        AssertFailed(Update(Folder.Write("newer.yml", Newer), "--overlay", overlay), "LC0108", $"{overlay}(3,3)", "point the action at the new place");
    }

    [Test]
    public void An_overlay_that_is_not_there_stops_the_update() =>
        AssertFailed(Update(Folder.Write("newer.yml", Newer), "--overlay", Folder["none.yml"]), "LC0001", "none.yml");

    [TestCase("<!DOCTYPE html><html><body>Docs</body></html>", "LC0403", "Raw")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {responses: {'200': {descr", "LC0005", "not valid YAML")]
    [TestCase("{\"openapi\": \"3.1.0\", \"paths\": {\"/a/\": {}", "LC0003", "not valid JSON")]
    [TestCase("openapi: 3.1.0\npaths:\n  /a", "LC0011", "complete")]
    [TestCase("openapi: 3.1.0\npaths:\n  /a/:\n    post: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Cut'}}}}}}\n", "LC0012", "Cut")]
    [TestCase("openapi: 3.1.0\npaths:\n  /a/:\n    post: {security: [{Key: []}]}\n", "LC0301", "complete")]
    [TestCase("openapi: 3.1.0\npaths:\n  /a/:\n    get: {}\n    post: {resp", "LC0005", "not valid YAML")]
    [TestCase("openapi: 3.1.0\npaths:\n  /a/:\n    get: {}\n    x-note: po", "LC0406", "truncated")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {}}}\ncomponents: {schemas: {A: {if: {type: string}}}}\n", "LC0300", "lowering rule")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {}}}\ncomponents: {schemas: {A: {type: string, enum: ['吉他']}}}\n", "LC0260", "x-csharp-names: {\"吉他\": NAME}")]
    [TestCase("swagger: '2.0'\n", "LC0010", "convert it")]
    [TestCase("openapi: 3.1.0\npaths: &x {/a/: *x}\n", "LC0014", "x")]
    [TestCase("", "LC0004", "")]
    public void A_document_that_would_not_build_changes_nothing(string text, string code, string words) => AssertFailed(Update(Folder.Write("newer.yml", text)), code, words);

    private static IEnumerable<TestCaseData> DocumentsBeyondTheLimits()
    {
        yield return new TestCaseData(new string('[', 20_000)).SetArgDisplayNames("20,000 opening brackets");
        var aliases = Enumerable.Range(1, 40).Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        yield return new TestCaseData($"a0: &a0 [1]\n{string.Concat(aliases)}").SetArgDisplayNames("2^40 aliases");
    }

    [TestCaseSource(nameof(DocumentsBeyondTheLimits))]
    public void A_document_beyond_the_limits_changes_nothing(string text)
    {
        var run = Update(Folder.Write("newer.yml", text));
        AssertFailed(run, "LC0013", "newer.yml(");
        Assert.That(run.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "one message, no stack trace");
    }

    [Test]
    public void A_file_in_another_encoding_changes_nothing()
    {
        File.WriteAllBytes(Folder["newer.yml"], [0x1f, 0x8b, 0x08, 0x00, 0xff]);
        AssertFailed(Update(Folder["newer.yml"]), "LC0405", "UTF-8");
    }

    [Test]
    public void A_file_that_is_not_there_changes_nothing() => AssertFailed(Update(Folder["none.yml"]), "LC0001", "none.yml");

    [Test]
    public void The_contract_of_this_repository_cut_off_anywhere_changes_nothing()
    {
        var text = File.ReadAllText(ContractFiles.Contract);
        File.Copy(ContractFiles.Contract, Contract, overwrite: true);
        foreach (var share in Enumerable.Range(1, 19))
        {
            var run = Update(Folder.Write("newer.yml", text[..(text.Length * share / 20)]));
            Assert.That(run.ExitCode, Is.EqualTo(3), $"{share * 5} %: {run.Output}");
        }

        AssertContractIs(text);
    }
}
