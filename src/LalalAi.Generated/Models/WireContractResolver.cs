using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace LalalAi;

/// <summary>
/// The JSON of requests and responses: presets stand without the discriminators of a state, and numbers are read in any form that the
/// service sends.
/// </summary>
internal sealed class WireContractResolver : DefaultContractResolver
{
    public static readonly WireContractResolver Instance = new();

    protected override JsonConverter? ResolveContractConverter(Type objectType) =>
        typeof(TaskPresets).IsAssignableFrom(objectType) ? null
        : LenientNumberConverter.Instance.CanConvert(objectType) ? LenientNumberConverter.Instance
        : base.ResolveContractConverter(objectType);
}
