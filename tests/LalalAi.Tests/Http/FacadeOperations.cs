namespace LalalAi.Tests.Http;

/// <summary>What it costs to send an operation twice, and how it says that it may have been carried out.</summary>
internal enum Cost
{
    /// <summary>Nothing: the error is what the caller gets.</summary>
    Free,

    /// <summary>Minutes, unless the key is the same: a lost response is an exception of its own.</summary>
    Start,

    /// <summary>Minutes: a lost response is a result.</summary>
    Batch,
}

/// <summary>An operation of the contract, by the method of the facade that calls it.</summary>
/// <param name="Name">The name that its activities and measurements have.</param>
/// <param name="Cost">What a retry costs.</param>
/// <param name="Call">The call.</param>
internal sealed record FacadeOperation(string Name, Cost Cost, Func<ILalalAiClient, Task> Call)
{
    private static readonly SourceId Source = new("5e0c0f0e-1111-4222-8333-444455556666");
    private static readonly TaskId Task = new("0b9a7c5e-1111-4222-8333-444455556666");

    /// <summary>All 15.</summary>
    public static IReadOnlyList<FacadeOperation> All { get; } =
    [
        new("Upload", Cost.Free, client => client.UploadAsync(new PatternStream(100), "song.wav")),
        new("SplitStemSeparator", Cost.Start, client => client.StartAsync(Source, new StemSeparatorPresets { Stem = Stem.Vocals })),
        new("SplitMultistem", Cost.Start, client => client.StartAsync(Source, new MultistemPresets { StemList = [Stem.Vocals] })),
        new("SplitDemuser", Cost.Start, client => client.StartAsync(Source, new DemuserPresets())),
        new("SplitVoiceClean", Cost.Start, client => client.StartAsync(Source, new VoiceCleanPresets())),
        new("ChangeVoice", Cost.Start, client => client.StartAsync(Source, new VoiceChangePresets { VoicePackId = "ALEX_KAYE" })),
        new("SplitStemSeparatorBatch", Cost.Batch, client => client.StartBatchAsync([new StartRequest(Source, new StemSeparatorPresets { Stem = Stem.Vocals })])),
        new("SplitDemuserBatch", Cost.Batch, client => client.StartBatchAsync([new StartRequest(Source, new DemuserPresets())])),
        new("SplitVoiceCleanBatch", Cost.Batch, client => client.StartBatchAsync([new StartRequest(Source, new VoiceCleanPresets())])),
        new("Check", Cost.Free, client => client.CheckAsync([Task])),
        new("Cancel", Cost.Free, client => client.CancelAsync([Task])),
        new("CancelAll", Cost.Free, client => client.CancelAllAsync()),
        new("Delete", Cost.Free, client => client.DeleteSourceAsync(Source)),
        new("MinutesLeft", Cost.Free, client => client.GetMinutesLeftAsync()),
        new("VoicePacks", Cost.Free, client => client.GetVoicePacksAsync()),
    ];
}
