// A service that splits every song in a folder: dotnet run -- --Songs:Folder=songs
//
// Move songs into songs/inbox. Each one gets a folder of its own in songs/working, and ends up in songs/done with its tracks, or in
// songs/failed with the reason in error.txt. Stop or kill the service at any time: the next run resumes every job where it was.
// To retry a failed song, move its folder back to songs/working.
//
// Settings: LalalAi:LicenseKey, LalalAi:BaseAddress (a sandbox, for example), Songs:Folder and Songs:Parallel.

using FolderWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddLalalAi(builder.Configuration.GetSection("LalalAi"));
builder.Services.Configure<SongOptions>(builder.Configuration.GetSection("Songs"));
builder.Services.AddHostedService<SongWorker>();
await builder.Build().RunAsync();
