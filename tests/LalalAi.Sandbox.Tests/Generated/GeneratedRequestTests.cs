using LalalAi.Sandbox.Contract;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Generated;

/// <summary>The sandbox accepts valid requests and rejects invalid ones: hundreds of bodies, generated from the contract.</summary>
internal sealed class GeneratedRequestTests : SandboxFixture
{
    private const int BodiesPerOperation = 60;
    private const int ForbiddenPerOperation = 80;

    private static readonly string[] PhoenixOnly = ["synthesizer", "strings", "wind"];

    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { ChecksPerMinute = null, MinutesPerLicense = 1e9 };

    [Test]
    public async Task Request_that_the_contract_allows_is_accepted()
    {
        var sent = 0;
        var started = 0;
        await foreach (var (path, _, body) in BodiesAsync())
        {
            var response = await Client.PostAsync(path, body);
            sent++;
            started += response.Code == 200 ? 1 : 0;
            if (response.Code != 200)
            {
                // The contract's rules that no schema can express, in a reader's words.
                Assert.That((response.Code, BreaksRuleInProse(body)), Is.EqualTo((400, true)), $"{path} {body} was answered {response.Body}");
            }
        }

        Assert.That(sent, Is.GreaterThanOrEqualTo(500));
        Assert.That(started, Is.GreaterThan(sent / 2), "most bodies break no rule");
    }

    [Test]
    public async Task Request_that_the_contract_forbids_is_rejected_with_the_path_of_the_field()
    {
        var contract = await ServiceContract.LoadAsync();
        var breaker = new RequestBreaker(contract.Resolve);
        var sent = new Dictionary<string, int>();
        await foreach (var (path, schema, body) in BodiesAsync())
        {
            foreach (var (broken, place) in breaker.Break(body, schema))
            {
                if (sent.GetValueOrDefault(path) == ForbiddenPerOperation)
                {
                    break;
                }

                var response = await Client.PostAsync(path, broken);
                Assert.That(response.Code, Is.EqualTo(422), $"{path} {place} {broken}");
                Assert.That(response.Body["detail"]!.Select(fault => string.Join('.', fault["loc"]!)), Has.Some.EqualTo(place), $"{path} {broken} was answered {response.Body}");
                sent[path] = sent.GetValueOrDefault(path) + 1;
            }
        }

        Assert.That(sent.Values.Sum(), Is.GreaterThanOrEqualTo(500));
        Assert.That(sent.Keys, Has.Count.EqualTo(11), "every operation with a body");
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(1e9), "a refused start costs nothing");
    }

    private static bool BreaksRuleInProse(JObject body) =>
        body.Descendants().OfType<JProperty>().Where(property => property.Name == "presets").Select(property => property.Value).Any(presets =>
            (presets["multivocal"] is { Type: JTokenType.String } && (string?)presets["stem"] != "vocals")
            || (PhoenixOnly.Contains((string?)presets["stem"]) && presets["splitter"] is not null && (string?)presets["splitter"] != "phoenix")
            || (presets["stem_list"] is JArray stems && stems.Distinct(JToken.EqualityComparer).Count() != stems.Count))
        // A source can be deleted once.
        || body.Properties().All(property => property.Name is "source_id" or "undeclared");

    private async IAsyncEnumerable<(string Path, JObject Schema, JObject Body)> BodiesAsync()
    {
        var contract = await ServiceContract.LoadAsync();
        var source = await Client.UploadSecondsAsync(1);
        var deletable = await Client.UploadSecondsAsync(1);
        foreach (var (path, operation) in contract.Operations.Where(operation => operation.Value.RequestSchema is not null))
        {
            if ((await Client.PostAsync(path[OperationContract.Root.Length..])).Code == 404)
            {
                continue; // new in the contract, and not served yet
            }

            var schema = contract.Resolve(operation.RequestSchema!);
            var seed = path.Length;
            TestContext.Out.WriteLine($"{path}: seed {seed}");
            var generator = new RequestGenerator(contract.Resolve, path.EndsWith("/delete/", StringComparison.Ordinal) ? deletable : source, new Random(seed));
            for (var body = 0; body < BodiesPerOperation; body++)
            {
                yield return (path[OperationContract.Root.Length..], schema, generator.Create(schema));
            }
        }
    }
}
