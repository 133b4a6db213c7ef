namespace LalalAi.FaultTests;

/// <summary>
/// One fault on the connection of one request, at every kind of place: before the first byte, in the head, in the body, in the response.
/// Each request has a connection of its own.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CutTests
{
    /// <summary>How long the client puts up with a stall, by the system's clock.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Phase[] Phases =
    [
        new(
            "the upload",
            Connection: 0,
            IsApi: true,
            ToServer: [0, 100, 50_000],
            ToClient: [0, 30, 60, 230]) { Preamble = "HTTP/1.1 100 Continue\r\n\r\n".Length },
        new("the start", Connection: 1, IsApi: true, ToServer: [0, 100, 250], ToClient: [0, 60, 180]),
        new("the first check", Connection: 2, IsApi: true, ToServer: [0, 100, 200], ToClient: [0, 60, 300]),
        new("the first download", Connection: 0, IsApi: false, ToServer: [0, 100], ToClient: [0, 60, 1_000, 50_000]),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from phase in Phases
        from direction in Enum.GetValues<WireDirection>()
        from offset in direction == WireDirection.ToServer ? phase.ToServer : phase.ToClient
        from kind in Enum.GetValues<WireFaultKind>()
        where kind != WireFaultKind.Corrupt
        let fault = new WireFault(kind, direction, offset)
        select new TestCaseData(phase, fault).SetArgDisplayNames(
            $"{kind} at byte {offset} of {(direction == WireDirection.ToServer ? string.Empty : "the response to ")}{phase.Name}");

    [TestCaseSource(nameof(Cases))]
    public async Task Fault_costs_at_most_a_retry(Phase phase, WireFault fault)
    {
        await using var service = await TestService.StartAsync();
        await using var faulty = new FaultyClient(service, phase.On(
            isApi: true, fault), phase.On(isApi: false, fault), configure: options =>
        {
            if (fault.Kind == WireFaultKind.Stall)
            {
                options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = Patience;
                options.MaxRetries = 100;
            }

            options.MaxConcurrentDownloads = 1;
        });

        var outcome =
            await Outcome.OfAsync(service.WriteSong(0), (song, folder) => faulty.Client.ProcessAsync(song, new DemuserPresets(), folder));

        var isAnswerLost = fault is { IsFinal: true, Direction: WireDirection.ToClient } && phase.IsApi && fault.Offset >= phase.Preamble;
        Assert.Multiple(() =>
        {
            // A machine that is slower than the client's timeout may cut the connection before it stalls, and lose further answers.
            var isStall = fault.Kind == WireFaultKind.Stall;
            Assert.That(faulty.Log.Applied(fault.Kind), isStall ? Is.LessThanOrEqualTo(1) : Is.EqualTo(1), "The fault was applied.");
            Assert.That(outcome.Problem(), Is.Null);
            Assert.That(service.Report.Starts, Is.EqualTo(1));
            Assert.That(service.Report.StartsRepeated, Is.Zero);
            if (isStall)
            {
                Assert.That(outcome.Reported, Is.All.InstanceOf<LalalAiAmbiguousStartException>());
                return;
            }

            // The sandbox's tasks begin at once: their keys are used up.
            Assert.That(
                outcome.Reported,
                isAnswerLost && phase.Name == "the start"
                    ? Has.One.InstanceOf<LalalAiAmbiguousStartException>().With.Property("IsProbablyRunning").True
                    : Is.Empty);
            Assert.That(service.Report.UploadsRepeated, isAnswerLost && phase.Name == "the upload" ? Is.EqualTo(1) : Is.Zero);
        });
    }

    [TestCase(WireFaultKind.Close)]
    [TestCase(WireFaultKind.Reset)]
    [TestCase(WireFaultKind.Stall)]
    public async Task A_start_whose_answers_are_lost_while_its_task_is_queued_is_one_task(WireFaultKind kind)
    {
        // Queued for as long as the test takes.
        await using var service = await TestService.StartAsync(speed: 0.001);
        await using var faulty = new FaultyClient(
            service,
            connection => connection is 1 or 2 or 3 ? [new WireFault(kind, WireDirection.ToClient, connection * 50)] : [],
            _ => [],
            configure: options =>
            {
                options.RequestTimeout = kind == WireFaultKind.Stall ? Patience : options.RequestTimeout;
                options.MaxRetries = 100;
            });
        var source = await faulty.Client.UploadAsync(service.WriteSong(0));

        var task = await faulty.Client.StartAsync(source.Id, new DemuserPresets());

        service.Sandbox.Advance(TimeSpan.FromHours(1));
        Assert.That((await faulty.Client.WaitAsync(task)).SourceId, Is.EqualTo(source.Id));
        Assert.That(faulty.Log.Applied(kind), kind == WireFaultKind.Stall ? Is.LessThanOrEqualTo(3) : Is.EqualTo(3));
        Assert.That(service.Report.Starts, Is.EqualTo(1));
    }

    /// <summary>A request of the job, and the places that are tried in what it sends and what it gets.</summary>
    internal sealed record Phase(string Name, int Connection, bool IsApi, long[] ToServer, long[] ToClient)
    {
        /// <summary>How many bytes come before the response, and before the request is carried out.</summary>
        public int Preamble { get; init; }

        public WirePlan On(bool isApi, WireFault fault) => connection => isApi == IsApi && connection == Connection ? [fault] : [];

        public override string ToString() => Name;
    }
}
