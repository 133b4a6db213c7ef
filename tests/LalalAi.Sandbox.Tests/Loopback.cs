using System.Net;
using System.Net.NetworkInformation;

namespace LalalAi.Sandbox.Tests;

/// <summary>What listens on this machine.</summary>
internal static class Loopback
{
    /// <summary>Whether the server that returned a text at an address still does. Another one may have been given its port.</summary>
    public static async Task<bool> RespondsAsync(Uri address, string text)
    {
        using var http = new HttpClient();
        try
        {
            return (await http.GetStringAsync(address)).Contains(text, StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>How many of some ports something listens at.</summary>
    public static int Listens(params int[] ports) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(endpoint => IPAddress.IsLoopback(endpoint.Address)).Select(endpoint => endpoint.Port).Intersect(ports).Count();
}
