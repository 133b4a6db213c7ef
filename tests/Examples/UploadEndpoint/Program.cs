// A web service that takes songs and gives back their tracks:
//
//     curl -T song.flac http://localhost:5000/songs/song.flac         answers with the addresses to go on with
//     curl -N http://localhost:5000/songs/TASK/events                 tells how far it is, as server-sent events
//     curl -OJ http://localhost:5000/songs/TASK/tracks/vocals         downloads a track
//
// The settings are LalalAi:LicenseKey and, for another service than the real one, LalalAi:BaseAddress. Who may call it is left out here: whoever knows a task's id gets its tracks.

using LalalAi;
using UploadEndpoint;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddLalalAi(builder.Configuration.GetSection("LalalAi"));
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = exception => exception switch
    {
        // The caller's own song could not be read to its end.
        LalalAiException { InnerException: BadHttpRequestException refused } => refused.StatusCode,
        LalalAiQuotaException => StatusCodes.Status402PaymentRequired,
        LalalAiException => StatusCodes.Status502BadGateway,
        TimeoutException => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    },
});
app.MapSongs();
await app.RunAsync();
