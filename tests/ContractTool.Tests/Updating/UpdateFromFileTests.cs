namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class UpdateFromFileTests : UpdateTestBase
{
    [Test]
    public void A_newer_contract_replaces_the_vendored_one_byte_for_byte()
    {
        var run = Update(Folder.Write("newer.yml", Newer));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        Assert.That(run.Output, Does.Contain("+ operation POST /b/").And.Contain("is replaced").And.Contain("dotnet build").And.Contain("dotnet test").And.Contain("snapshots"));
        AssertReplacedBy(Newer);
        Assert.That(Folder.Names, Is.EquivalentTo(new[] { "lalalai.yml", "newer.yml" }));
    }

    [Test]
    public void A_contract_that_breaks_callers_is_taken_and_said_to_be_one()
    {
        const string broken = "openapi: 3.1.0\npaths: {/b/: {post: {}}}\n";
        Assert.That(Update(Folder.Write("newer.yml", broken)).ExitCode, Is.EqualTo(2));
        AssertReplacedBy(broken);
    }

    [Test]
    public void A_contract_in_JSON_stays_JSON_under_the_old_name()
    {
        const string json = """{"openapi": "3.1.0", "info": {"version": "1.0.0"}, "paths": {"/a/": {"post": {"responses": {"200": {}}}}, "/b/": {"get": {}}}}""";
        Assert.That(Update(Folder.Write("newer.json", json)).ExitCode, Is.EqualTo(1));
        AssertReplacedBy(json);
        Assert.That(Tool.Run("diff", Contract, Folder["newer.json"]).ExitCode, Is.Zero);
    }

    [Test]
    public void Names_are_suggested_for_new_schemas_only()
    {
        var withSchema = Newer.TrimEnd() + "\ncomponents: {schemas: {New: {type: object}}}\n";
        Assert.That(Update(Folder.Write("newer.yml", Newer)).Output, Does.Not.Contain("x-csharp-name"));
        Assert.That(Update(Folder.Write("newer.yml", withSchema)).Output, Does.Contain("x-csharp-name"));
    }

    [TestCase(new string[0], false)]
    [TestCase(new[] { "--prose" }, true)]
    [TestCase(new[] { "--prose", "--dry-run" }, false)]
    public void New_words_for_the_same_facts_are_taken_only_when_asked_for(string[] options, bool isReplaced)
    {
        var reworded = Vendored.Replace("Our words", "Words their", StringComparison.Ordinal);
        var run = Update(Folder.Write("newer.yml", reworded), options);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("No fact changed"));
        AssertReplacedBy(isReplaced ? reworded : Vendored);
    }

    [Test]
    public void A_dry_run_tells_and_changes_nothing()
    {
        var run = Update(Folder.Write("newer.yml", Newer), "--dry-run");
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("+ operation POST /b/").And.Contain("Dry run").And.Not.Contain("is replaced"));
        AssertReplacedBy(Vendored);
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
    [TestCase("openapi: 3.1.0\npaths:\n  /a/:\n    get: {}\n    x-note: po", "LC0406", "cut off")]
    [TestCase("openapi: 3.1.0\npaths: {/a/: {post: {}}}\ncomponents: {schemas: {A: {if: {type: string}}}}\n", "LC0300", "lowering rule")]
    [TestCase("swagger: '2.0'\n", "LC0010", "convert it")]
    [TestCase("", "LC0004", "")]
    public void A_document_that_would_not_build_changes_nothing(string text, string code, string words) => AssertFailed(Update(Folder.Write("newer.yml", text)), code, words);

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

        AssertReplacedBy(text);
    }
}
