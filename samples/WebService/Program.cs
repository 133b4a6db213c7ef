// A web service that splits songs:
//
//     curl -T song.flac http://localhost:5000/songs/song.flac         uploads a song and starts a task; returns its URLs
//     curl http://localhost:5000/songs/TASK                           returns the state of the task
//     curl -N http://localhost:5000/songs/TASK/events                 streams its progress as server-sent events
//     curl -OJ http://localhost:5000/songs/TASK/tracks/vocals         downloads a track; a player can seek in it
//
// Settings: LalalAi:LicenseKey, LalalAi:BaseAddress (a sandbox, for example).
// There is no access control: anyone who knows a task ID gets its tracks.

using LalalAi;
using WebService;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddLalalAi(builder.Configuration.GetSection("LalalAi"));
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = exception => exception switch
    {
        // The song of the request could not be read to its end.
        LalalAiException { InnerException: BadHttpRequestException rejected } => rejected.StatusCode,
        LalalAiQuotaException => StatusCodes.Status402PaymentRequired,
        LalalAiDownloadException { StatusCode: StatusCodes.Status416RangeNotSatisfiable } => StatusCodes.Status416RangeNotSatisfiable,
        LalalAiException => StatusCodes.Status502BadGateway,
        TimeoutException => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    },
});
app.MapSongs();
await app.RunAsync();
