using Newtonsoft.Json.Linq;

namespace LalalAi.Unions;

/// <summary>Reads the presets of the tasks in one answer. Those of a batch are the same for all its tasks: they are read once and shared.</summary>
internal sealed class RepeatedPresets
{
    private TaskPresets? _last;

    public TaskPresets Read(JToken? raw) => _last is { } last && JToken.DeepEquals(last.Raw, raw) ? last : _last = UnionReader.ReadPresets(raw);
}
