using Microsoft.Extensions.Time.Testing;

namespace LalalAi.AI.Tests;

[CancelAfter(TestLimit.Milliseconds)]
public sealed class ApprovalTests : AgentFixture
{
    [Test]
    public async Task Split_returns_immediately_and_the_users_answer_decides_later([Values] bool answer, CancellationToken cancellationToken)
    {
        var person = new TaskCompletionSource<bool>();
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => person.Task });

        var asked = await CallAsync(functions, "split", Split, cancellationToken);
        var again = await CallAsync(functions, "split", Split, cancellationToken);
        var job = Text(asked, "job")!;
        person.SetResult(answer);
        await functions.WaitForApprovalAsync(job, cancellationToken);
        var decided = answer ? await FinishAsync(functions, job, cancellationToken) : await StatusAsync(functions, job, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(asked.ToString(), Is.EqualTo(again.ToString()).And.Contains("awaiting_approval"));
            Assert.That((asked.GetProperty("minutes").GetDouble(), asked.GetProperty("budget_left").GetDouble()), Is.EqualTo((Price, 10 - Price)));
            Assert.That(Text(decided, "status"), Is.EqualTo(answer ? "done" : "declined"));
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(answer ? 1 : 0));
        });
    }

    [Test]
    public async Task A_declined_job_is_not_started_and_not_stored(CancellationToken cancellationToken)
    {
        string job;
        await using (var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => Task.FromResult(false) }))
        {
            var result = await CallAsync(functions, "split", Split, cancellationToken);
            job = Text(result, "job")!;
            AssertDeclined(result, await CallAsync(functions, "account", "{}", cancellationToken));
        }

        await using var next = LalalAiFunctions.Create(Client, Options);
        Assert.That(Text(await StatusAsync(next, job, cancellationToken), "error"), Does.Contain("is not the ID of a job"));
    }

    [Test]
    public async Task A_declined_job_is_asked_for_again_when_it_is_called_again(CancellationToken cancellationToken)
    {
        var answers = new Queue<bool>([false, true]);
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => Task.FromResult(answers.Dequeue()) });

        await CallAsync(functions, "split", Split, cancellationToken);
        var again = await CallAsync(functions, "split", Split, cancellationToken);
        await FinishAsync(functions, Text(again, "job")!, cancellationToken);

        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_question_that_fails_starts_nothing(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => throw new InvalidOperationException() });

        var result = await CallAsync(functions, "split", Split, cancellationToken);

        AssertDeclined(result, await CallAsync(functions, "account", "{}", cancellationToken));
    }

    private void AssertDeclined(System.Text.Json.JsonElement result, System.Text.Json.JsonElement account) =>
        Assert.Multiple(() =>
        {
            Assert.That(Text(result, "status"), Is.EqualTo("declined"));
            Assert.That(Text(result, "note"), Does.Contain("did not approve"));
            Assert.That(account.GetProperty("running_jobs").GetArrayLength(), Is.Zero);
            Assert.That(account.GetProperty("budget").GetProperty("left").GetDouble(), Is.EqualTo(10));
            Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
        });

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
    public async Task A_question_without_an_answer_starts_nothing(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        var options = Options with { TimeProvider = clock, ApproveAsync = (_, _) => new TaskCompletionSource<bool>().Task };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        clock.Advance(TimeSpan.FromSeconds(44));
        var before = await StatusAsync(functions, job, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(1));
        await functions.WaitForApprovalAsync(job, cancellationToken);
        var after = await StatusAsync(functions, job, cancellationToken);

        Assert.That(Text(before, "status"), Is.EqualTo("awaiting_approval"));
        AssertDeclined(after, await CallAsync(functions, "account", "{}", cancellationToken));
    }

    private static readonly TimeSpan[] LongTimeouts = [Timeout.InfiniteTimeSpan, TimeSpan.FromDays(50), TimeSpan.MaxValue];

    [TestCaseSource(nameof(LongTimeouts))]
    public async Task A_question_may_take_any_time(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var options = Options with { ApprovalTimeout = timeout, ApproveAsync = (_, _) => Task.FromResult(true) };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;

        Assert.That(Text(await FinishAsync(functions, job, cancellationToken), "status"), Is.EqualTo("done"));
    }

    [Test]
    public async Task Status_waits_for_the_answer(CancellationToken cancellationToken)
    {
        var person = new TaskCompletionSource<bool>();
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => person.Task });

        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        var wait = CallAsync(functions, "status", $$"""{ "job": "{{job}}", "wait_seconds": 45 }""", cancellationToken);
        person.SetResult(false);

        Assert.That(Text(await wait, "status"), Is.EqualTo("declined"));
    }

    [Test]
    public async Task Cancel_withdraws_the_question(CancellationToken cancellationToken)
    {
        var withdrawn = false;
        var options = Options with
        {
            ApproveAsync = async (_, token) =>
            {
                token.Register(() => withdrawn = true);
                await TestLimit.ForeverAsync(token);
                return true;
            },
        };
        await using var functions = LalalAiFunctions.Create(Client, options);

        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        var canceled = await CallAsync(functions, "cancel", $$"""{ "job": "{{job}}" }""", cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That((Text(canceled, "status"), withdrawn), Is.EqualTo(("stopped", true)));
            Assert.That(Text(canceled, "note"), Does.Contain("before it was approved"));
            Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
        });
    }

    [Test]
    public async Task Disposal_withdraws_the_question(CancellationToken cancellationToken)
    {
        var functions = LalalAiFunctions.Create(Client, Options with { ApproveAsync = (_, _) => new TaskCompletionSource<bool>().Task });
        await CallAsync(functions, "split", Split, cancellationToken);

        await functions.DisposeAsync().AsTask().WaitAsync(cancellationToken);

        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Cheap_jobs_are_not_asked_for(CancellationToken cancellationToken)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options with { ApproveAboveMinutes = Price, ApproveAsync = (_, _) => throw new InvalidOperationException() });

        var started = await CallAsync(functions, "split", Split, cancellationToken);
        await FinishAsync(functions, Text(started, "job")!, cancellationToken);

        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
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
        var ended = await WaitForEndAsync(functions, Text(started, "job")!, cancellationToken);
        await CallAsync(functions, "split", Split, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(Text(ended, "note"), Does.Contain("higher than what was approved"));
            Assert.That(questions, Is.EqualTo(new double?[] { Price }).Within(1e-9));
            Assert.That(Sandbox.GetReport().Starts, Is.Zero);
        });
    }
}
