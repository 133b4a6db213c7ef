using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>
/// Reads the presets of the tasks in one response. The tasks of a batch have the same presets, which are read once and shared.
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
