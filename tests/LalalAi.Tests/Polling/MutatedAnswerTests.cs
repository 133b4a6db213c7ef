using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Polling;

/// <summary>Random responses to a check cause no crash and no endless wait, and do not affect other entries.</summary>
[Category("Slow")]
public sealed class MutatedAnswerTests
{
    private const int Mutations = 1000;

    /// <summary>Time for the four lookups after which a failure is believed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(12);

    private static readonly Func<Random, JToken>[] Values =
    [
        _ => JValue.CreateNull(),
        _ => new JValue(true),
        _ => new JValue(-1),
        _ => new JValue(long.MaxValue),
        _ => new JValue(1e308),
        _ => new JValue(double.NaN),
        _ => new JValue("text"),
        _ => new JValue(string.Empty),
        _ => new JValue("2026-01-01T00:00:00Z"),
        _ => new JValue("\ud800"),
        _ => new JArray(),
        _ => new JArray(1, "a", null!),
        _ => new JObject(),
        _ => new JObject { ["$ref"] = "1", ["$type"] = "System.Diagnostics.Process" },
        _ => new JValue(System.Numerics.BigInteger.Pow(10, 40)),
        // Beyond 64 levels the reader refuses the answer as a whole, as it should.
        random => Deep(random.Next(1, 50)),
    ];

    private static readonly string[] Statuses = ["progress", "success", "error", "cancelled", "server_error", "queued", "SUCCESS", ""];

    [Test]
    public async Task A_mutated_entry_leaves_the_entries_beside_it_intact()
    {
        for (var seed = 0; seed < Mutations; seed++)
        {
            await using var rig = new PollingRig();
            var random = new Random(seed);
            var mutated = Mutate(random, Original(random));
            rig.Endpoint.State = (id, _) => id == PollingRig.Id(1).Value ? mutated.DeepClone() : States.Success();

            var waits = Enumerable.Range(0, 3).Select(number => rig.Wait(number, timeout: Timeout)).ToList();
            await rig.AdvanceAsync(Timeout);

            try
            {
                Assert.That((await PollingRig.Soon(waits[0])).Tracks, Has.Count.EqualTo(2));
                Assert.That((await PollingRig.Soon(waits[2])).Tracks, Has.Count.EqualTo(2));
                await AssertEndsAsKnown(waits[1]);
            }
            catch (Exception exception) when (exception is not SuccessException)
            {
                Assert.Fail($"Seed {seed}: {mutated.ToString(Formatting.None)}{Environment.NewLine}{exception}");
            }
        }
    }

    [Test]
    public async Task WaitAsync_returns_or_throws_a_documented_exception_for_any_response()
    {
        for (var seed = 0; seed < Mutations; seed++)
        {
            await using var rig = new PollingRig();
            var random = new Random(seed);
            var text = MutateText(random, Mutate(random, new JObject
            {
                ["result"] = new JObject { [PollingRig.Id(0).Value] = Original(random), [PollingRig.Id(1).Value] = Original(random) },
            }).ToString(Formatting.None));
            rig.Endpoint.Answer = (_, _) => CheckEndpoint.Error(200, text);

            var waits = Enumerable.Range(0, 2).Select(number => rig.Wait(number, timeout: Timeout)).ToList();
            await rig.AdvanceAsync(Timeout);

            try
            {
                await AssertEndsAsKnown(waits[0]);
                await AssertEndsAsKnown(waits[1]);
            }
            catch (Exception exception) when (exception is not SuccessException)
            {
                Assert.Fail($"Seed {seed}: {text}{Environment.NewLine}{exception}");
            }
        }
    }

    private static async Task AssertEndsAsKnown(Task<TaskSucceeded> wait)
    {
        try
        {
            Assert.That(await PollingRig.Soon(wait), Is.Not.Null);
        }
        catch (LalalAiTaskException exception)
        {
            Assert.That(exception.State.IsFinal, Is.True);
        }
        catch (LalalAiTaskTimeoutException)
        {
            // In progress for ever, or not readable: the timeout of the wait ends it.
        }
    }

    private static JObject Original(Random random) => random.Next(5) switch
    {
        0 => States.Progress(random.Next(101)),
        1 => States.Failure(),
        2 => States.Canceled(),
        3 => States.ServerError(),
        _ => States.Success(),
    };

    private static JToken Mutate(Random random, JToken original)
    {
        var root = new JArray(original.DeepClone());
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var tokens = root.DescendantsAndSelf().Where(token => token != root && token is not JProperty).ToList();
            var target = tokens[random.Next(tokens.Count)];
            switch (random.Next(5))
            {
                case 0 when target.Parent is JProperty property:
                    property.Remove();
                    break;
                case 1 when target.Parent is JProperty property:
                    property.Replace(new JProperty(property.Name + "_", property.Value));
                    break;
                case 2 when target.Parent is JProperty { Name: "status" } status:
                    status.Value = Statuses[random.Next(Statuses.Length)];
                    break;
                case 3 when target is JArray { Count: > 0 } list:
                    list.Add(list[0].DeepClone());
                    break;
                default:
                    target.Replace(Values[random.Next(Values.Length)](random));
                    break;
            }

            if (root.Count == 0)
            {
                root.Add(JValue.CreateNull());
            }
        }

        return root[0];
    }

    private static string MutateText(Random random, string text) => random.Next(4) switch
    {
        0 => text[..random.Next(text.Length)],
        1 => text.Insert(random.Next(text.Length), ((char)random.Next(1, 0x3000)).ToString()),
        2 => text.Remove(random.Next(text.Length), 1),
        _ => text,
    };

    private static JToken Deep(int depth)
    {
        JToken token = new JValue(1);
        for (; depth > 0; depth--)
        {
            token = depth % 2 == 0 ? new JArray(token) : new JObject { ["a"] = token };
        }

        return token;
    }
}
