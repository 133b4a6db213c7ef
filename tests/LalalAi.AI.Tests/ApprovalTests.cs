using Microsoft.Extensions.Time.Testing;

namespace LalalAi.AI.Tests;

[CancelAfter(120_000)]
public sealed class ApprovalTests : AgentFixture
{
    [Test]
    public async Task A_declined_job_is_not_started_and_not_stored(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => Task.FromResult(false) });

        var result = await CallAsync(functions, "split", Split, cancellationToken);
        var account = await CallAsync(functions, "account", "{}", cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(Text(result, "error"), Does.Contain("did not approve"));
            Assert.That(account.GetProperty("running_jobs").GetArrayLength(), Is.Zero);
            Assert.That(account.GetProperty("budget").GetProperty("left").GetDouble(), Is.EqualTo(10));
            Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
        });
    }

    [Test]
    public async Task A_question_contains_what_the_person_needs_and_a_yes_starts_the_job(CancellationToken cancellationToken)
    {
        SpendRequest? asked = null;
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (request, _) => Task.FromResult((asked = request) is not null) });

        var started = await CallAsync(functions, "split", Split, cancellationToken);
        await FinishAsync(functions, Text(started, "job")!, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That((asked!.File, asked.Minutes, asked.MinutesLeft), Is.EqualTo(("song.wav", Price, 10)));
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_question_without_an_answer_starts_nothing_and_the_job_awaits_approval_meanwhile(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        var options = Options with
        {
            TimeProvider = clock,
            ApproveAsync = (_, _) =>
            {
                asked.TrySetResult();
                return new TaskCompletionSource<bool>().Task;
            },
        };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var call = CallAsync(functions, "split", Split, cancellationToken);
        await asked.Task.WaitAsync(cancellationToken);
        var second = await CallAsync(functions, "split", Split, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(45));
        var result = await call;

        Assert.Multiple(() =>
        {
            Assert.That(Text(second, "status"), Is.EqualTo("awaiting_approval"));
            Assert.That(Text(result, "error"), Does.Contain("could not be asked in time"));
            Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
        });
    }

    [Test]
    public async Task A_canceled_call_withdraws_the_question(CancellationToken cancellationToken)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = Options with
        {
            ApproveAsync = async (_, token) =>
            {
                await cancel.CancelAsync();
                await TestLimit.ForeverAsync(token);
                return true;
            },
        };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var result = await CallAsync(functions, "split", Split, cancel.Token);

        Assert.That(Text(result, "error"), Does.Contain("did not approve"));
        Assert.That(Sandbox.GetReport().Starts, Is.Zero);
    }

    [Test]
    public async Task Cheap_jobs_are_not_asked_for(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAboveMinutes = Price, ApproveAsync = (_, _) => throw new InvalidOperationException() });

        var started = await CallAsync(functions, "split", Split, cancellationToken);

        Assert.That(Text(started, "error"), Is.Null);
    }

    [Test]
    public async Task A_file_that_claims_to_be_shorter_than_it_is_does_not_avoid_the_question(CancellationToken cancellationToken)
    {
        var questions = new List<double?>();
        var options = Options with
        {
            ReadDuration = _ => TimeSpan.FromSeconds(1),
            ApproveAboveMinutes = 0.02,
            ApproveAsync = (request, _) =>
            {
                questions.Add(request.Minutes);
                return Task.FromResult(false);
            },
        };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var started = await CallAsync(functions, "split", Split, cancellationToken);
        var ended = await CallAsync(functions, "status", $$"""{ "job": "{{Text(started, "job")}}", "wait_seconds": 45 }""", cancellationToken);
        await CallAsync(functions, "split", Split, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(Text(ended, "note"), Does.Contain("higher than what was approved"));
            Assert.That(questions, Is.EqualTo(new double?[] { Price }).Within(1e-9));
            Assert.That(Sandbox.GetReport().Starts, Is.Zero);
        });
    }
}
