using System.Globalization;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Links;

/// <summary>Creates the links in the response to a check.</summary>
internal sealed class DownloadLinks(int port, LinkSigner signer, SandboxOptions options)
{
    /// <param name="host">The host of the check request, which also reaches the links.</param>
    /// <param name="task">The task.</param>
    /// <param name="label">The label of one of its tracks.</param>
    public string Create(string host, SeparationTask task, string label)
    {
        var expires = (options.TimeProvider.GetUtcNow() + options.LinkLifetime).ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"http://{host}:{port}/{task.Id:D}/{signer.Sign(task.Id, label, expires)}/{Uri.EscapeDataString(label)}?expires={expires}");
    }
}
