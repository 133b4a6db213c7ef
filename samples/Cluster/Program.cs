// A cluster that splits a catalog of songs with one license:
//
//     dotnet run                    a sandbox, two silos as processes of their own, and 500 songs; nothing has to be installed
//     dotnet run -- --Songs=50      the same with fewer songs
//     dotnet run -- --Redis=localhost:6379      state, membership and the budget of checks in Redis
//
// The first process is the catalog's user. It starts the others and stops them. With Redis, kill a silo while it runs ("kill -9"): the
// other one takes over its jobs. Without, the state is in the memory of the silos, and a silo that is killed takes its part along.
//
// Settings: Songs, Folder, Redis; LalalAi:LicenseKey and LalalAi:BaseAddress for the real service, which costs minutes.

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
