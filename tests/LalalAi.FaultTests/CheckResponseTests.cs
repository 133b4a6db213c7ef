using LalalAi.FaultTests.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.FaultTests;

/// <summary>Checks that receive a response from something other than the API: the wait continues at no cost.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CheckResponseTests
{
    private const int Bad = 3;

    private static IEnumerable<TestCaseData> Replacements =>
    [
        new TestCaseData((Func<string, string>)ReplacedChecks.Html).SetArgDisplayNames("An HTML page with status 200"),
        new TestCaseData((Func<string, string>)ReplacedChecks.Half).SetArgDisplayNames("Half of the JSON, as if it were all"),
        new TestCaseData((Func<string, string>)(_ => string.Empty)).SetArgDisplayNames("Nothing with status 200"),
        new TestCaseData((Func<string, string>)(response => $"\"{response.Length}\"")).SetArgDisplayNames("Other JSON"),
    ];

    [TestCaseSource(nameof(Replacements))]
    public async Task Wait_survives_responses_that_do_not_come_from_the_service(Func<string, string> replace)
    {
        await using var service = await TestService.StartAsync();
        await using var faulty = new FaultyClient(
            service,
            _ => [],
            _ => [],
            extend: builder =>
                builder.Api.AddHttpMessageHandler(() => new ReplacedChecks((check, response) => check < Bad ? replace(response) : response)));

        await AssertSurvivesAsync(service, faulty);
    }

    [TestCase("html=502;on=check;times=3")]
    [TestCase("html=504;on=check;times=3")]
    [TestCase("truncate;on=check;times=3")]
    [TestCase("truncate=40;on=check;times=3")]
    [TestCase("reset;on=check;times=3")]
    [TestCase("reset=40;on=check;times=3")]
    [TestCase("status=500;on=check;times=3")]
    public async Task Wait_survives_a_gateway_in_trouble(string faults)
    {
        await using var service = await TestService.StartAsync();
        await using var faulty = new FaultyClient(service, _ => [], _ => []);
        service.Sandbox.Faults.Add(faults);

        await AssertSurvivesAsync(service, faulty);
    }

    private static async Task AssertSurvivesAsync(TestService service, FaultyClient faulty)
    {
        var outcome =
            await Outcome.OfAsync(service.WriteSong(0), (song, folder) => faulty.Client.ProcessAsync(song, new DemuserPresets(), folder));

        Assert.That(outcome.Reported, Is.Empty);
        Assert.That(outcome.Problem(), Is.Null);
        // A response that a fault takes the place of is not counted by the sandbox, one that is replaced on the way is.
        Assert.That(
            service.Sandbox.Requests.Count(request => request.Operation == "check" && request.LicenseKey == TestService.LicenseKey),
            Is.EqualTo(Bad + 1));
        Assert.That(service.Report.Starts, Is.EqualTo(1));
    }
}
