using Newtonsoft.Json;

namespace LalalAi.Generated;

/// <summary>
/// The operations of the LALAL.AI API as they are: one method each, with neither retries nor waiting. The <see cref="HttpClient"/> brings the base address and
/// the <c>X-License-Key</c> header.
/// </summary>
public partial class LalalAiApiClient
{
    // The text of an answer that turns out to be an error, or no JSON at all, is what its exception has to show.
    partial void Initialize() => ReadResponseAsString = true;

    // What looks like a date in a field that the contract does not declare has to leave as it came.
    static partial void UpdateJsonSerializerSettings(JsonSerializerSettings settings) => settings.DateParseHandling = DateParseHandling.None;
}
