using LalalAi;
using LalalAi.Http;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Puts the handler with the license key around the primary handler, after everything that the user configured: so close to the network that neither the user's
/// handlers nor the factory's logging see the key.
/// </summary>
internal sealed class LicenseKeyHandlerSetup(string clientName, Func<LalalAiClientOptions> getOptions) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (name == clientName)
        {
            options.HttpMessageHandlerBuilderActions.Add(builder =>
            {
                var settings = getOptions();
                builder.PrimaryHandler = new LicenseKeyHandler(settings.BaseAddress, settings.LicenseKey, builder.PrimaryHandler);
            });
        }
    }
}
