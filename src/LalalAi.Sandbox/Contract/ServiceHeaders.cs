namespace LalalAi.Sandbox.Contract;

/// <summary>Headers of the service that the contract does not declare as headers.</summary>
internal static class ServiceHeaders
{
    public const string LicenseKey = "X-License-Key";
    public const string RequestId = "x-request-id";
}
