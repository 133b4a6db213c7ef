namespace LalalAi.Tests.Documentation;

/// <summary>What application developers type first, before they have read anything. The surface is right when it compiles.</summary>
public sealed class FirstGuessTests
{
    private static IEnumerable<TestCaseData> Guesses =>
        from guess in new (string Name, string Code)[]
        {
            ("the first program", """
                using var client = new LalalAiClient("license key");
                ProcessResult result = await client.ProcessAsync("song.mp3", new StemSeparatorPresets { Stem = Stem.Vocals }, "out");
                """),
            ("a progress bar", """
                var progress = new Progress<ProcessProgress>(report => Console.WriteLine($"{report.Overall:P0}"));
                await lalal.ProcessAsync("song.mp3", new DemuserPresets(), "out", progress: progress);
                """),
            ("progress in order", """
                var progress = new SynchronousProgress<ProcessProgress>(report => Console.WriteLine(report.Phase));
                """),
            ("another voice", """
                await lalal.ProcessAsync("song.mp3", new VoiceChangePresets { VoicePackId = VoicePackIds.AlexKaye }, "out");
                """),
            ("Ctrl-C", """
                try { await lalal.ProcessAsync("song.mp3", new DemuserPresets(), "out"); }
                catch (LalalAiProcessCanceledException exception) { Console.WriteLine($"{exception.TaskId} {exception.SourceId}"); }
                """),
            ("the state of one task", """
                TaskState state = await lalal.CheckAsync(taskId);
                """),
            ("an ID in a route", """
                WebApplication app = null!;
                app.MapGet("/songs/{id}", (TaskId id) => lalal.CheckAsync(id));
                """),
            ("a state as JSON", """
                string json = System.Text.Json.JsonSerializer.Serialize(await lalal.CheckAsync(taskId));
                TaskState? state = System.Text.Json.JsonSerializer.Deserialize<TaskState>(json);
                """),
            ("presets from a request", """
                WebApplication app = null!;
                app.MapPost("/songs/{id}", (SourceId id, StemSeparatorPresets presets) => lalal.StartAsync(id, presets));
                """),
            ("a track as a stream", """
                TaskTrack track = null!;
                TrackStream stream = await lalal.OpenReadAsync(track);
                IResult response = Results.Stream(stream, stream.ContentType, stream.FileName);
                """),
            ("a request body", """
                HttpRequest request = null!;
                await lalal.UploadAsync(request.Body, "song.mp3", new UploadOptions { Length = request.ContentLength });
                """),
            ("a file of a given name", """
                TaskTrack track = null!;
                await lalal.DownloadToFileAsync(track, "out/voice.wav");
                """),
            ("a state for a test", """
                lalal.WaitAsync(taskId).Returns(LalalAiModelFactory.TaskSucceeded(taskId));
                """),
            ("an error for a test", """
                throw new LalalAiQuotaException("No minutes are left.");
                """),
            ("a type of one's own that is called Splitter", """
                var splitter = new Splitter();
                class Splitter;
                """),
            ("an operation of the raw client", """
                LimitsResponse limits = await lalal.SendAsync((api, cancellationToken) => api.LimitsMinutesLeftAsync(cancellationToken));
                """),
            ("presets of a state", """
                if (await lalal.CheckAsync(taskId) is KnownTaskState { Presets: StemSeparatorPresets { Stem: var stem } }) Console.WriteLine(stem);
                """),
            ("every task as it ends", """
                await foreach (TaskState state in lalal.WhenEachAsync(tasks))
                {
                    switch (state) { case TaskSucceeded: break; case TaskFailed: break; case TaskCanceled: break; }
                }
                """),
            ("a key of one's own", """
                Guid key = IdempotencyKey.Derive("album", "song.mp3");
                await lalal.StartAsync(source.Id, new DemuserPresets(), new StartOptions { IdempotencyKey = key });
                """),
            ("a key for each tenant", """
                ILalalAiClientFactory factory = null!;
                ILalalAiClient client = factory.GetClient("license key");
                """),
            ("a health check", """
                services.AddHealthChecks().AddLalalAi();
                """),
            ("a proxy", """
                var options = new LalalAiClientOptions
                {
                    PrimaryHandlerFactory = () => new HttpClientHandler { Proxy = new System.Net.WebProxy("http://proxy:8080") },
                };
                """),
            ("a rotating key", """
                var options = new LalalAiClientOptions { LicenseKeyProvider = _ => new ValueTask<string>("license key"), ApplicationId = "songs/1.0" };
                """),
            ("minutes with a timeout", """
                double? minutes = await lalal.GetMinutesLeftAsync(new CallOptions { Timeout = TimeSpan.FromSeconds(2) });
                """),
            ("a handler for all requests", """
                var services = new ServiceCollection();
                services.AddLalalAi(options => options.LicenseKey = "license key").AddHttpMessageHandler<DelegatingHandler>();
                """),
        }
        select new TestCaseData(guess.Code).SetArgDisplayNames(guess.Name);

    [TestCaseSource(nameof(Guesses))]
    public void Guess_compiles(string code) => Assert.That(new Snippet(code).Errors, Is.Empty);
}
