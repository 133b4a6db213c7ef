using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>
/// Reads the presets of the tasks in one answer. Those of a batch are the same for all its tasks: they are read once and shared.
/// </summary>
internal sealed class PresetsReader
{
    private (JToken? Json, TaskPresets Presets)? _last;

    public TaskPresets Read(JToken? json)
    {
        if (_last is not { } last || !JToken.DeepEquals(last.Json, json))
        {
            _last = last = (json, TaskPresetsConverter.Read(json));
        }

        return last.Presets;
    }
}
