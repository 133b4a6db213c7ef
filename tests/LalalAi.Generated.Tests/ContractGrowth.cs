using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.Generated.Tests;

/// <summary>What a vendor adds over a year: a stem, an optional property, a member of a union, and an operation.</summary>
internal static class ContractGrowth
{
    /// <summary>Returns the grown contract, as JSON.</summary>
    public static string Apply(string contractFile)
    {
        var contract = OpenApiDocument.Load(contractFile);
        var schemas = contract.Schemas;
        ((JArray)schemas.SelectToken("StemSeparatorSplitterPresetsV1.properties.stem.enum")!).Add("guitar");
        schemas.SelectToken("VoiceCleanPresetsV1.properties")!["denoise"] = new JObject { ["type"] = "boolean" };

        schemas["CheckPausedResult"] = JObject.Parse("""{ "type": "object", "properties": { "status": { "const": "paused", "type": "string", "default": "paused" } } }""");
        var union = schemas.SelectToken("CheckV1Response.properties.result.additionalProperties")!;
        union["discriminator"]!["mapping"]!["paused"] = "#/components/schemas/CheckPausedResult";
        ((JArray)union["oneOf"]!).Add(OpenApiDocument.ReferenceTo("CheckPausedResult"));

        contract.Root["paths"]!["/api/v1/remaster/"] = contract.Root["paths"]!["/api/v1/delete/"]!.DeepClone();
        return contract.ToJson();
    }
}
