using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Responses with deviations from the contract that were observed on the service: other labels, undeclared properties, nulls, numbers as
/// strings.
/// </summary>
internal static class UndocumentedValues
{
    public static JObject Of(JObject task)
    {
        var presets = (JObject)task["presets"]!;
        if ((string?)presets["label"] == TaskKind.StemSeparator.Label)
        {
            presets["label"] = "enhanced";
        }

        presets["enhanced_processing_enabled"] = true;
        presets["splitter"] = null;
        if (task["result"] is JObject result)
        {
            result["duration"] = Number((long)result["duration"]!);
        }

        return task;
    }

    public static JObject OfVoicePack(JObject pack)
    {
        pack["ready_to_use"] = true;
        pack["created"] = Number((long)pack["created"]!);
        return pack;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
