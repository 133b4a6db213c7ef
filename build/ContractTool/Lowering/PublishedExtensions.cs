using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering;

/// <summary>
/// Removes the publisher's own <c>x-</c> keywords. The generator acts on many of them, and only the overlay of this repository may say
/// how C# looks.
/// </summary>
internal static class PublishedExtensions
{
    public static void RemoveFrom(OpenApiDocument document) => RemoveFrom(document.Root, keysAreNames: false);

    private static void RemoveFrom(JToken token, bool keysAreNames)
    {
        switch (token)
        {
            case JObject mapping:
                foreach (var property in mapping.Properties().ToList())
                {
                    if (!keysAreNames && property.Name.StartsWith("x-", StringComparison.Ordinal))
                    {
                        property.Remove();
                    }
                    else
                    {
                        RemoveFrom(property.Value, !keysAreNames && OpenApiDocument.HasNames(property.Name));
                    }
                }

                break;
            case JArray list:
                foreach (var item in list)
                {
                    RemoveFrom(item, keysAreNames: false);
                }

                break;
        }
    }
}
