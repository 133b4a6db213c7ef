namespace LalalAi.AI.Tests;

[CancelAfter(TestLimit.Milliseconds)]
public sealed class OutageTests : AgentFixture
{
    [Test]
    public async Task Status_reports_that_the_service_returns_no_states(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add("status=503;on=check;times=1000");
        await using var functions = LalalAiFunctions.Create(Client, Options);
        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;

        var state = await WaitForAsync(functions, job, "processing", cancellationToken);
        while (Text(state, "note") is null)
        {
            state = await StatusAsync(functions, job, cancellationToken);
        }

        Assert.That(
            (Text(state, "status"), Text(state, "note")),
            Is.EqualTo(("processing", "The service does not return the state of the task at present. The job continues when it does.")));
        Sandbox.Faults.Clear();
        while (Text(state, "note") is not null)
        {
            state = await StatusAsync(functions, job, cancellationToken);
        }

        Assert.That(Text(state, "status"), Is.EqualTo("processing"));
    }
}
