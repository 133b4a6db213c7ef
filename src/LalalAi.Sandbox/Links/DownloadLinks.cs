using System.Globalization;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Links;

/// <summary>Makes the links that a check's answer carries.</summary>
internal sealed class DownloadLinks(Uri baseAddress, LinkSigner signer, SandboxOptions options)
{
    public string Create(SeparationTask task, string label)
    {
        var expires = (options.TimeProvider.GetUtcNow() + options.LinkLifetime).ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{baseAddress}{task.Id:D}/{signer.Sign(task.Id, label, expires)}/{Uri.EscapeDataString(label)}?expires={expires}");
    }
}
