namespace LalalAi.Tests.Polling;

/// <summary>What is logged about checks that fail or are rejected.</summary>
public sealed class CheckLogTests
{
    [Test]
    public async Task WaitsFailed_is_logged_with_the_number_of_tasks()
    {
        using var log = new TestLog();
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.Answer = (number, _) => number == 0 ? null : ErrorAsync(403);
        var waits = rig.Waits(3);

        await rig.AdvanceAsync(2.1);

        foreach (var wait in waits)
        {
            await PollingRig.FailsAsync<LalalAiAuthenticationException>(wait);
        }

        await rig.Clock.LoopIsUnneededAsync();
        Assert.That(log.Lines, Is.EqualTo(new[]
        {
            "Error: A check failed with LalalAiAuthenticationException (request 4711), which ended the waits for 3 tasks.",
        }));
    }

    [Test]
    public async Task CheckRejected_is_logged_when_the_request_is_split()
    {
        using var log = new TestLog();
        await using var rig = new PollingRig(logs: log);
        var rejected = PollingRig.Id(1).Value;
        rig.Endpoint.Answer = (_, call) => call.Ids.Contains(rejected) ? ErrorAsync(400) : null;
        var waits = rig.Waits(2);

        await rig.AdvanceAsync(10);

        await PollingRig.FailsAsync<LalalAiApiException>(waits[1]);
        Assert.That(log.Lines, Is.EqualTo(new[]
        {
            "Warning: A check of 2 tasks was rejected with LalalAiApiException (request 4711). It is split to find the tasks that cause it.",
            "Error: A check failed with LalalAiApiException (request 4711), which ended the waits for 1 tasks.",
        }));
    }

    [Test]
    public async Task ChecksStillPaused_is_logged_for_each_failed_check_but_the_first()
    {
        using var log = new TestLog();
        await using var rig = new PollingRig(logs: log);
        rig.Endpoint.State = (_, _) => States.Success();
        rig.Endpoint.Answer = (number, _) => number < 3 ? ErrorAsync(503) : null;

        await rig.RunAsync(rig.Wait());

        Assert.That(log.Lines.Where(line => line.Contains("fail with", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "Warning: Checks fail with LalalAiApiException (request 4711). They are retried with a growing delay, first in 00:01:00. 1 tasks wait.",
            "Debug: Checks still fail with LalalAiApiException (request 4711). The next one follows in 00:01:00.",
            "Debug: Checks still fail with LalalAiApiException (request 4711). The next one follows in 00:01:00.",
        }));
    }

    private static async Task<HttpResponseMessage> ErrorAsync(int status)
    {
        var response = await CheckEndpoint.Error(status, retryAfter: "60");
        response.Headers.Add("x-request-id", "4711");
        return response;
    }
}
