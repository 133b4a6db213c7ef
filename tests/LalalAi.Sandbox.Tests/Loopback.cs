using System.Net;
using System.Net.NetworkInformation;

namespace LalalAi.Sandbox.Tests;

/// <summary>What listens on this machine.</summary>
internal static class Loopback
{
    /// <summary>How many of some ports something listens at.</summary>
    public static int Listens(params int[] ports) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(endpoint => IPAddress.IsLoopback(endpoint.Address)).Select(endpoint => endpoint.Port).Intersect(ports).Count();
}
