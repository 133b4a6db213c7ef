// A cluster that splits a catalog of songs with one license:
//
//     dotnet run                    a sandbox, two silos as processes of their own, and 500 songs; nothing has to be installed
//     dotnet run -- --Songs=50      the same with fewer songs
//     dotnet run -- --Redis=localhost:6379      state, membership and the budget of checks in Redis
//     dotnet run -- --Dashboard=8080            with the Orleans dashboard on http://localhost:8080
//     dotnet run -- --Bucket=music              songs and tracks in S3-compatible storage, see ClusterSettings
//
// The first process is the catalog's user. It starts the others and stops them. With Redis, kill a silo while it runs ("kill -9"): the
// other one takes over its jobs. Without, the state is in the memory of the silos, and the sample ends with the first of them.
//
// Telemetry goes to the collector in OTEL_EXPORTER_OTLP_ENDPOINT, if it is set. More settings: Silos, MaxConcurrentJobs, Folder, Port;
// LalalAi:LicenseKey and LalalAi:BaseAddress for the real service, which costs minutes. With Redis and the real service, the same command
// resumes a run that was stopped. Against the sandbox, each run is a new cluster.

using Cluster;
using Microsoft.Extensions.Configuration;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
var settings = configuration.Get<ClusterSettings>() ?? new ClusterSettings();
if (settings.Silo is { } number)
{
    await SiloProcess.RunAsync(number, settings, configuration.GetSection("LalalAi"));
}
else
{
    await Demo.RunAsync(settings, configuration.GetSection("LalalAi"));
}
