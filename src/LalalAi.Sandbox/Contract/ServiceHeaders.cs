namespace LalalAi.Sandbox.Contract;

/// <summary>The headers of the service that the contract does not describe, or not as headers.</summary>
internal static class ServiceHeaders
{
    public const string LicenseKey = "X-License-Key";
    public const string RequestId = "x-request-id";
}
