using System.Net;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>A response of the API.</summary>
internal sealed record Answer(HttpStatusCode Status, JObject Body, string RequestId)
{
    public int Code => (int)Status;

    public string? Detail => (string?)Body["detail"];

    public string? ErrorCode => (string?)Body["code"];

    /// <summary>The first entry of a 422's detail, its location joined with dots.</summary>
    public (string Location, string Type) Fault => (string.Join('.', Body["detail"]![0]!["loc"]!), (string)Body["detail"]![0]!["type"]!);
}
