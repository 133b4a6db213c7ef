using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A <c>format</c> that says nothing certain about the C# type -> none. NSwag makes a <c>TimeSpan</c> of a <c>duration</c> and of a
/// <c>time</c>, which cannot read <c>PT3M</c> or <c>10:00Z</c>, a time with an offset of a <c>date</c>, and an <c>int</c> of an integer
/// whose format it does not know. Content that a <c>contentMediaType</c> describes is binary.
/// </summary>
internal sealed class FormatsRule : ILoweringRule
{
    private static readonly Dictionary<string, string[]> Formats = new()
    {
        ["string"] =
            ["binary", "byte", "date-time", "uri", "uuid", "uuid4"], // a uuid4 is text to NSwag: what takes one here also takes other ids
        ["integer"] = ["int32", "int64"],
        ["number"] = ["decimal", "double", "float"],
    };

    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["contentMediaType"] is { } mediaType)
            {
                schema.Remove("contentMediaType");
                if (mediaType.AsText() == "application/octet-stream" && schema["contentEncoding"] is null)
                {
                    schema["format"] ??= "binary";
                }

                count++;
            }

            if (schema["contentEncoding"] is { } encoding)
            {
                schema.Remove("contentEncoding");
                if (encoding.AsText() == "base64")
                {
                    schema["format"] ??= "byte";
                }

                count++;
            }

            if (schema["format"].AsText() is { } format && !Formats.GetValueOrDefault(schema["type"].AsText() ?? "", []).Contains(format))
            {
                schema.Remove("format");
                count++;
            }
        }

        return count;
    }
}
