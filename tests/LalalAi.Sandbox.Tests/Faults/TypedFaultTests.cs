using System.Reflection;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Faults;

internal sealed class TypedFaultTests : SandboxFixture
{
    private static IEnumerable<TestCaseData> Written() =>
    [
        new(Fault.Status(503), "status=503"),
        new(Fault.Status(400, "exceeded_size", "Too large."), "status=400;code=exceeded_size;detail=Too large."),
        new(Fault.Html(), "html=502"),
        new(Fault.Delay(TimeSpan.FromSeconds(1.5)), "delay=1500ms"),
        new(Fault.Stall(), "stall"),
        new(Fault.Reset(100), "reset=100"),
        new(Fault.Truncate(0), "truncate=0"),
        new(Fault.LoseResponse, "lose-response"),
        new(Fault.TaskError("inference_error"), "task-error=inference_error"),
        new(Fault.MissingTask, "missing-task"),
        new(Fault.LookupError, "lookup-error"),
        new(Fault.UnknownStatus(), "unknown-status=paused"),
        new(Fault.UndocumentedValues, "undocumented-values"),
        new(Fault.FileName("a.wav"), "file-name=a.wav"),
        new(Fault.MissingFileName, "missing-file-name"),
        new(Fault.IgnoreRange, "ignore-range"),
    ];

    [TestCaseSource(nameof(Written))]
    public void ToString_writes_the_fault_in_the_text_grammar(Fault fault, string text)
    {
        Assert.That(fault.ToString(), Is.EqualTo(text));
        Server.Faults.Add(text);
        Server.Faults.Add(fault);
        Assert.That(Server.Faults.Entries[1].Text, Does.StartWith(text.Split(';')[0]));
    }

    [Test]
    public void Every_kind_of_fault_can_be_made_in_code() =>
        Assert.That(Written().Select(each => ((string)each.Arguments[1]!).Split('=', ';')[0]).Distinct(), Is.EquivalentTo(
            FaultKind.All.Select(kind => kind.Name)));

    [Test]
    public async Task Every_operation_that_starts_nothing_has_a_name_in_code()
    {
        var named = typeof(SandboxOperation).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(
            property => ((SandboxOperation)property.GetValue(null)!).Name);
        var operations = (await ServiceContract.LoadAsync()).Operations.Values.Select(operation => operation.Name).Where(
            name => !FaultScope.Covers("start", name));

        Assert.That(named.Except(["any", "start", "download"]), Is.EquivalentTo(operations));
    }

    [Test]
    public async Task Add_applies_the_fault_to_the_given_number_of_requests_after_those_it_skips()
    {
        Server.Faults.Add(Fault.Status(503), on: SandboxOperation.Check, times: 2, skip: 1);
        var codes = new List<int>();
        for (var check = 0; check < 4; check++)
        {
            codes.Add((await Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(Guid.NewGuid().ToString()) })).Code);
        }

        Assert.That(codes, Is.EqualTo(new[] { 200, 503, 503, 200 }));
        Assert.That(Server.Faults.Entries.Single(), Is.EqualTo(new PlannedFault("status=503;on=check;skip=1;times=2", Applied: 2, Remaining: 0)));
    }

    [Test]
    public async Task Add_without_times_applies_the_fault_to_every_request()
    {
        Server.Faults.Add(Fault.Status(503), times: null);
        await Client.PostAsync("limits/minutes_left/");

        Assert.That((await Client.PostAsync("limits/minutes_left/")).Code, Is.EqualTo(503));
    }

    [Test]
    public async Task Add_of_several_faults_applies_all_of_them_to_one_request()
    {
        Server.Faults.Add([Fault.Delay(TimeSpan.Zero), Fault.Status(500)], on: SandboxOperation.Upload);

        Assert.That((await Client.UploadAsync([1])).Code, Is.EqualTo(500));
    }

    [Test]
    public void Add_rejects_a_fault_that_the_operation_does_not_support() =>
        Assert.That(
            () => Server.Faults.Add(Fault.IgnoreRange, on: SandboxOperation.Check),
            Throws.InstanceOf<FormatException>().With.Message.Contains("ignore-range"));

    [Test]
    public void Add_rejects_an_unknown_operation() =>
        Assert.That(
            () => Server.Faults.Add(Fault.Reset(), on: SandboxOperation.Named("nowhere")),
            Throws.InstanceOf<FormatException>().With.Message.Contains("nowhere"));

    [TestCase(0, 0)]
    [TestCase(1, -1)]
    public void Add_rejects_counts_out_of_range(int times, int skip) =>
        Assert.That(() => Server.Faults.Add(Fault.Reset(), times: times, skip: skip), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(299)]
    [TestCase(600)]
    public void Status_rejects_a_code_out_of_range(int statusCode) =>
        Assert.That(() => Fault.Status(statusCode), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
