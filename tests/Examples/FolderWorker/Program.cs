// A service that drains a folder: dotnet run -- --Songs:Folder=songs
//
// Whatever is moved into songs/inbox is split and ends up in songs/done, or in songs/failed with the reason in error.txt; meanwhile it is in songs/working. Each song has a folder of its own
// there, with a record of what has been uploaded and paid for. A run that was stopped, or killed, is continued by the next one; so is a failed song whose folder is moved back to songs/working.
// Move songs in, or copy them under a name that begins with a dot and rename them then: a file that is still being written would be sent as it is.
//
// The settings are LalalAi:LicenseKey and, for another service than the real one, LalalAi:BaseAddress; Songs:Folder and Songs:Parallel.

using FolderWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddLalalAi(builder.Configuration.GetSection("LalalAi"));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.Configure<SongOptions>(builder.Configuration.GetSection("Songs"));
builder.Services.AddSingleton<SongSplitter>();
builder.Services.AddHostedService<SongWorker>();
await builder.Build().RunAsync();
