using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Tasks;

/// <summary>The contract's rules for presets, which are checked before anything is sent.</summary>
public sealed class PresetRuleTests
{
    private static readonly SourceId Source = new("5e0c0f0e-1111-4222-8333-444455556666");

    private static readonly (string Name, string Says, TaskPresets Presets)[] Refused =
    [
        ("no stem", "for example vocals", new StemSeparatorPresets { Stem = default }),
        ("an empty stem", "for example vocals", new StemSeparatorPresets { Stem = new Stem("") }),
        ("synthesizer by andromeda", "phoenix", new StemSeparatorPresets { Stem = Stem.Synthesizer, Splitter = SplitterModel.Andromeda }),
        ("strings by perseus", "phoenix", new StemSeparatorPresets { Stem = Stem.Strings, Splitter = SplitterModel.Perseus }),
        ("wind by orion", "phoenix", new StemSeparatorPresets { Stem = Stem.Wind, Splitter = SplitterModel.Orion }),
        ("multivocal drums", "multivocal", new StemSeparatorPresets { Stem = Stem.Drum, Multivocal = Multivocal.LeadBack }),
        ("the splitter auto", "Leave the splitter unset", new StemSeparatorPresets { Stem = Stem.Vocals, Splitter = new SplitterModel("auto") }),
        ("no stems", "1 to 6", Multistem()),
        ("seven stems", "1 to 6", Multistem(Stem.Vocals, Stem.Drum, Stem.Piano, Stem.Bass, Stem.ElectricGuitar, Stem.AcousticGuitar, new Stem("theremin"))),
        ("a stem twice", "drum more than once", Multistem(Stem.Drum, Stem.Bass, Stem.Drum)),
        ("wind among others", "wind cannot be separated together", Multistem(Stem.Drum, Stem.Wind)),
        ("no stem among others", "is not set", Multistem(Stem.Drum, default)),
        ("an empty stem among others", "is not set", Multistem(new Stem(""), Stem.Drum)),
        ("stems by auto", "Leave the splitter unset", new MultistemPresets { StemList = [Stem.Drum], Splitter = new SplitterModel("auto") }),
        ("music of another kind", "'music'", new DemuserPresets { Stem = "vocals" }),
        ("music by auto", "Leave the splitter unset", new DemuserPresets { Splitter = new SplitterModel("auto") }),
        ("a voice of another kind", "'voice'", new VoiceCleanPresets { Stem = "vocals" }),
        ("a voice by auto", "Leave the splitter unset", new VoiceCleanPresets { Splitter = new SplitterModel("auto") }),
        ("no voice pack", "The voice is not set", Voice(" ")),
        ("an accent below 0", "-0.1", Voice("ALEX_KAYE", -0.1)),
        ("an accent above 1", "1.1", Voice("ALEX_KAYE", 1.1)),
        ("an accent that is no number", "NaN", Voice("ALEX_KAYE", double.NaN)),
    ];

    private static readonly (string Name, TaskPresets Presets)[] LetThrough =
    [
        ("synthesizer", new StemSeparatorPresets { Stem = Stem.Synthesizer }),
        ("synthesizer by phoenix", new StemSeparatorPresets { Stem = Stem.Synthesizer, Splitter = SplitterModel.Phoenix }),
        ("synthesizer by a new splitter", new StemSeparatorPresets { Stem = Stem.Synthesizer, Splitter = new SplitterModel("cassiopeia") }),
        ("a new stem", new StemSeparatorPresets { Stem = new Stem("theremin") }),
        ("a new stem with lead and back", new StemSeparatorPresets { Stem = new Stem("choir"), Multivocal = Multivocal.LeadBack }),
        ("vocals with lead and back", new StemSeparatorPresets { Stem = Stem.Vocals, Multivocal = Multivocal.LeadBack }),
        ("a level that andromeda ignores", new StemSeparatorPresets { Stem = Stem.Vocals, Splitter = SplitterModel.Andromeda, ExtractionLevel = ExtractionLevel.ClearCut }),
        ("one stem of several", Multistem(Stem.Vocals)),
        ("six stems", Multistem(Stem.Vocals, Stem.Drum, Stem.Piano, Stem.Bass, Stem.ElectricGuitar, Stem.AcousticGuitar)),
        ("a new stem among others", Multistem(Stem.Vocals, new Stem("theremin"))),
        ("music by a new splitter", new DemuserPresets { Splitter = new SplitterModel("cassiopeia") }),
        ("accents at their ends", Voice("ALEX_KAYE", 0)),
        ("the voice pack's accent", Voice("ALEX_KAYE", 1)),
    ];

    [Test]
    public async Task StartAsync_rejects_presets_that_cannot_be_combined([ValueSource(nameof(RefusedNames))] string name)
    {
        var (_, says, presets) = Refused.Single(row => row.Name == name);
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => client.StartAsync(Source, presets));

        Assert.That(exception!.Message, Does.Contain(says));
        Assert.That(exception.ParamName, Is.EqualTo("presets"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task StartAsync_does_not_validate_presets_if_validation_is_disabled([ValueSource(nameof(RefusedNames))] string name)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        await client.StartAsync(Source, Refused.Single(row => row.Name == name).Presets, new StartOptions { ValidatePresets = false });

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartBatchAsync_does_not_validate_presets_if_validation_is_disabled()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);
        var requests = new[] { new StartRequest(Source, new VoiceChangePresets { VoicePackId = " " }) };

        await Assert.ThatAsync(() => client.StartBatchAsync(requests), Throws.ArgumentException);
        await client.StartBatchAsync(requests, new BatchOptions { ValidatePresets = false });

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_sends_what_is_allowed_or_not_known([ValueSource(nameof(LetThroughNames))] string name)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        await client.StartAsync(Source, LetThrough.Single(row => row.Name == name).Presets);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task StartAsync_names_the_argument_that_is_missing()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => client.StartAsync(default, new DemuserPresets())))!.ParamName, Is.EqualTo("sourceId"));
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => client.StartAsync(Source, null!)))!.ParamName, Is.EqualTo("presets"));
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => client.StartAsync(Source, new UnknownTaskPresets())))!.Message, Does.Contain("SendAsync"));
        Assert.That(server.Requests, Is.Empty);
    }

    private static IEnumerable<string> RefusedNames() => Refused.Select(row => row.Name);

    private static IEnumerable<string> LetThroughNames() => LetThrough.Select(row => row.Name);

    private static MultistemPresets Multistem(params Stem[] stems) => new() { StemList = stems };

    private static VoiceChangePresets Voice(string pack, double? accent = null) => new() { VoicePackId = pack, Accent = accent };
}
