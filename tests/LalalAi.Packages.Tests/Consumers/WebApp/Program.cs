using LalalAi;
using LalalAi.Sandbox;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddLalalAiSandbox(new SandboxOptions { MinutesPerLicense = 42 });
builder.Services.AddLalalAi(options => { });
builder.Services.AddOptions<LalalAiClientOptions>().Configure<SandboxServer>((options, sandbox) =>
{
    options.BaseAddress = sandbox.BaseAddress;
    options.LicenseKey = sandbox.LicenseKey;
});

await using var app = builder.Build();
app.MapGet("/minutes", async (ILalalAiClient client, CancellationToken cancellationToken) => await client.GetMinutesLeftAsync(cancellationToken));
await app.StartAsync();

// Asks itself and ends.
using var http = new HttpClient();
Console.WriteLine($"minutes: {await http.GetStringAsync($"{app.Urls.Single()}/minutes")}");
await app.StopAsync();
