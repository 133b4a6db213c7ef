using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Serialization;

namespace LalalAi.Sandbox;

/// <summary>How the checks of a minute are counted.</summary>
[JsonConverter(typeof(StringEnumConverter), typeof(SnakeCaseNamingStrategy), new object[0], false, false)]
public enum CheckWindowKind
{
    /// <summary>The checks of the last 60 seconds count.</summary>
    Sliding,

    /// <summary>The count starts anew every 60 seconds.</summary>
    Fixed,
}
