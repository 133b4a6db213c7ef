using System.Globalization;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>Tests with silos and a redis-server as processes. Each test has one time limit for everything that it waits for.</summary>
public abstract class ProcessFixture
{
    /// <summary>The speed of a sandbox whose tasks stay in the queue until the test advances its clock.</summary>
    protected const double Held = 0.001;

    /// <summary>After this time, a task is finished at that speed.</summary>
    protected static readonly TimeSpan TaskTime = TimeSpan.FromMinutes(40);

    private CancellationTokenSource _limit = null!;

    protected static int Kills { get; } = Setting("LALALAI_KILLS", 2);

    /// <summary>Is canceled when the test takes too long.</summary>
    protected CancellationToken Limit => _limit.Token;

    [OneTimeSetUp]
    public void RequireRedis() => TestProcess.Require("redis-server");

    [SetUp]
    public void BeginLimit() => _limit = new CancellationTokenSource(TimeSpan.FromMinutes(5 + Kills));

    [TearDown]
    public void EndLimit() => _limit.Dispose();

    protected static int Setting(string name, int value) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);
}
