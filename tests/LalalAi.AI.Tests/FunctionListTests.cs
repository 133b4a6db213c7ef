using Microsoft.Extensions.AI;
using Newtonsoft.Json.Linq;
using PublicApiGenerator;

namespace LalalAi.AI.Tests;

public sealed class FunctionListTests : AgentFixture
{
    [Test]
    public async Task Functions_that_spend_need_a_budget_and_functions_of_jobs_an_output_folder()
    {
        await using var all = LalalAiFunctions.Create(Client, Options);
        await using var free = LalalAiFunctions.Create(Client, Options with { MaxMinutes = null });
        await using var reading = LalalAiFunctions.Create(Client, Options with { MaxMinutes = null, OutputFolder = null });

        Assert.Multiple(() =>
        {
            Assert.That(all.Select(function => function.Name), Is.EqualTo(new[] { "estimate", "split", "change_voice", "status", "download", "cancel", "account" }));
            Assert.That(all.OfType<ApprovalRequiredAIFunction>().Select(function => function.Name), Is.EqualTo(new[] { "split", "change_voice" }));
            Assert.That(free.Select(function => function.Name), Is.EqualTo(new[] { "estimate", "status", "download", "cancel", "account" }));
            Assert.That(reading.Select(function => function.Name), Is.EqualTo(new[] { "estimate", "account" }));
        });
    }

    [Test]
    public void A_budget_without_an_output_folder_is_rejected() =>
        Assert.That(() => LalalAiFunctions.Create(Client, Options with { OutputFolder = null }), Throws.ArgumentException.With.Message.Contains("OutputFolder"));

    [Test]
    public async Task Schemas_match_their_snapshot()
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var schemas = new JObject(functions.Select(function => new JProperty(function.Name, new JObject(
            new JProperty("description", function.Description),
            new JProperty("arguments", JToken.Parse(function.JsonSchema.GetRawText())),
            new JProperty("result", JToken.Parse(function.ReturnJsonSchema!.Value.GetRawText()))))));

        SnapshotAssert.Matches(schemas.ToString(), "Schemas");
    }

    [Test]
    public void Public_surface_matches_its_snapshot() =>
        SnapshotAssert.Matches(typeof(LalalAiFunctions).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicSurface");
}
