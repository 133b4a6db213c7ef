// Workers that share a table of jobs, so that several processes on one machine split one collection of songs:
//
//     dotnet run -- add album/*.flac      adds songs to the table
//     dotnet run                          works on the table; start as many workers as you like
//
// Stop or kill a worker at any time: another one takes over its jobs when their leases expire, and resumes each where it was.
//
// Settings: LalalAi:LicenseKey, LalalAi:BaseAddress (a sandbox, for example), Jobs:Database, Jobs:Output, Jobs:Parallel, Jobs:Lease.

using LalalAi;
using SqliteWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddLalalAi(builder.Configuration.GetSection("LalalAi"));
builder.Services.AddOptions<LalalAiClientOptions>().Configure<SharedCheckLimiter>((options, limiter) => options.CheckRateLimiter = limiter);
builder.Services.Configure<JobOptions>(builder.Configuration.GetSection("Jobs"));
builder.Services.AddSingleton<JobTable>().AddSingleton<SharedCheckLimiter>().AddHostedService<Worker>();

using var host = builder.Build();
if (args is ["add", .. var songs])
{
    host.Services.GetRequiredService<JobTable>().Add(songs);
    return;
}

await host.RunAsync();
