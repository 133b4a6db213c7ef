using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Audio;

/// <summary>The tracks that a task creates from its source.</summary>
/// <param name="Stems">The names of the stems to extract, in order. Empty for a task that converts the whole mix.</param>
/// <param name="Tracks">The tracks, in the order of a check's response.</param>
/// <param name="ChargedStems">The number of stems to charge.</param>
internal sealed record SplitPlan(IReadOnlyList<string> Stems, IReadOnlyList<PlannedTrack> Tracks, int ChargedStems)
{
    private const string Stem = "stem";
    private const string Back = "back";

    /// <summary>The preset that separates lead and backing vocals.</summary>
    public const string LeadAndBack = "lead_back";

    /// <summary>Creates the plan from a task's presets, as a check returns them.</summary>
    public static SplitPlan For(JObject presets) =>
        presets["stem_list"] is JArray stems ? ForStems([.. stems.Select(stem => (string)stem!)])
        : (string?)presets["stem"] is not { } stem ? ForConversion()
        : (string?)presets["multivocal"] == LeadAndBack ? ForLeadAndBack(stem)
        : ForStem(stem);

    /// <summary>One stem and the rest.</summary>
    private static SplitPlan ForStem(string stem) =>
        new([stem], [new(stem, Stem, TrackContent.Stem(0)), new($"no_{stem}", Back, TrackContent.Remainder(1))], 1);

    /// <summary>Lead and backing vocals, the instrumental, and the instrumental with the backing vocals.</summary>
    private static SplitPlan ForLeadAndBack(string stem) =>
        new(
            [$"{stem}@0", $"{stem}@1"],
            [
                new($"{stem}@0", Stem, TrackContent.Stem(0)),
                new($"{stem}@1", Stem, TrackContent.Stem(1)),
                new($"no_{stem}", Back, TrackContent.Remainder(2)),
                new("mix_no_lead", Back, TrackContent.Remainder(1)),
            ],
            1);

    /// <summary>Several stems, and the remainder without them. Each stem is charged.</summary>
    private static SplitPlan ForStems(IReadOnlyList<string> stems) =>
        new(
            stems,
            [
                .. stems.Select((stem, index) => new PlannedTrack(stem, Stem, TrackContent.Stem(index))),
                new("no_multistem", Back, TrackContent.Remainder(stems.Count)),
            ],
            stems.Count);

    /// <summary>The whole mix in another voice.</summary>
    private static SplitPlan ForConversion() => new([], [new("converted_mix", Back, TrackContent.Converted)], 1);
}
