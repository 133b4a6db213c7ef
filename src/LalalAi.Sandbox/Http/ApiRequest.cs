using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>A request that has been let in.</summary>
/// <param name="Http">The request as it came.</param>
/// <param name="License">The state of the licence key that it carried.</param>
/// <param name="Body">The valid JSON body; empty for an operation that takes none or takes raw bytes.</param>
internal sealed record ApiRequest(HttpRequest Http, LicenseState License, JObject Body);
