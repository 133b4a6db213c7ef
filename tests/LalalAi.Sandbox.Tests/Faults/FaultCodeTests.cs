using System.Runtime.CompilerServices;
using LalalAi.Sandbox.Faults;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Faults;

/// <summary>The C# that the page shows for a fault. The compiler has read each line below, and it adds the same fault.</summary>
internal sealed class FaultCodeTests : SandboxFixture
{
    [Test]
    public async Task The_code_for_a_fault_is_the_code_that_adds_it()
    {
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Status(503)));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Status(503), on: SandboxOperation.Check, times: 3, skip: 1));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Status(400, code: "max_duration", detail: "Too \"long\""), times: null));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Html(502)));
        await AssertAsync(sandbox => sandbox.Faults.Add([Fault.Delay(TimeSpan.FromSeconds(2)), Fault.Html(504)], on: SandboxOperation.Upload));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Delay(TimeSpan.FromMilliseconds(500)), on: SandboxOperation.MinutesLeft));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Stall(), on: SandboxOperation.VoicePacks));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Reset(afterBytes: 1000), on: SandboxOperation.Download));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.Truncate(afterBytes: 0), on: SandboxOperation.Named("split.demuser")));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.LoseResponse, on: SandboxOperation.CancelAll));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.TaskError("inference_error", detail: "No luck"), times: 2));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.MissingTask));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.LookupError));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.UnknownStatus("paused")));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.UndocumentedValues));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.FileName("../x.wav")));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.MissingFileName));
        await AssertAsync(sandbox => sandbox.Faults.Add(Fault.IgnoreRange));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_of_fault_has_code(string kind)
    {
        var entry = new FaultEntry([Fault.Of(FaultKind.All.Single(each => each.Name == kind))], "any", 0, 1);

        Assert.That(FaultCode.Write(entry), Does.Match(@"^sandbox\.Faults\.Add\(Fault\.\w+.*\);$"));
    }

    private static IEnumerable<string> Kinds() => FaultKind.All.Select(kind => kind.Name);

    private async Task AssertAsync(Action<SandboxServer> add, [CallerArgumentExpression(nameof(add))] string code = "")
    {
        Server.Faults.Clear();
        add(Server);
        var text = Server.Faults.Entries.Single().Text;
        var response = JObject.Parse(await Http.GetStringAsync($"/_sandbox/faults/code?faults={Uri.EscapeDataString(text)}"));

        // A text entry without "times" applies once.
        var expected = code["sandbox => ".Length..].Replace(", times: null", "", StringComparison.Ordinal) + ";";
        Assert.That((string?)response["code"], Is.EqualTo(expected), text);
    }
}
