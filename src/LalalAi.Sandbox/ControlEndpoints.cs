using System.Text;
using LalalAi.Sandbox.Dashboard;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox;

/// <summary>
/// The control calls below <c>/_sandbox/</c>, which offer the members of <see cref="SandboxServer"/> to every language. They need no
/// license key.
/// </summary>
internal sealed class ControlEndpoints
{
    private const string Health = "health";
    private const int MaxBytes = 64 * 1024;

    private readonly SandboxServer _server;
    private readonly DashboardEndpoints? _dashboard;
    private readonly AccessRules _access;
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string Method, string Path), Func<HttpRequest, JObject, Task<object>>> _pages;

    /// <param name="server">The sandbox.</param>
    /// <param name="dashboard">The calls of the page; null when there is no page.</param>
    /// <param name="access">Decides who may make control calls.</param>
    /// <param name="clock">The sandbox's clock.</param>
    public ControlEndpoints(SandboxServer server, DashboardEndpoints? dashboard, AccessRules access, TimeProvider clock)
    {
        _server = server;
        _dashboard = dashboard;
        _access = access;
        _clock = clock;
        _pages = new()
        {
            [("GET", "")] = Page(() => new { Pages = _pages!.Keys.Select(page => $"{page.Method} {AccessRules.ControlPath}/{page.Path}") }),
            [("GET", Health)] = (request, _) => Task.FromResult(DescribeHealth(request)),
            [("GET", "requests")] = Page(() => new { server.Requests }),
            [("GET", "report")] = (request, _) => Task.FromResult<object>(
                server.GetReport(request.Query["license_key"] is [{ } key] ? key : null)),
            [("GET", "clock")] = Page(() => new { Now = _clock.GetUtcNow() }),
            [("POST", "clock")] = (_, body) => Task.FromResult(Advance(body)),
            [("GET", "faults")] = Page(DescribeFaults),
            [("POST", "faults")] = (_, body) => Task.FromResult(AddFaults(body)),
            [("DELETE", "faults")] = Page(ClearFaults),
            [("POST", "seed")] = async (request, body) => await SeedAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false),
            [("POST", "reset")] = Page(Reset),
        };
    }

    public async Task HandleAsync(HttpContext context)
    {
        // Pages of other origins cannot embed the response as a frame, a script or a picture.
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var response = await RespondAsync(context.Request).ConfigureAwait(false);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await response.ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private static Func<HttpRequest, JObject, Task<object>> Page(Func<object> response) => (_, _) => Task.FromResult(response());

    private static async Task<JObject> ReadAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes)
            {
                throw new FormatException($"The body is longer than {MaxBytes} bytes.");
            }
        }

        try
        {
            return bytes.Length == 0 ? [] : JObject.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The body must be a JSON object. {exception.Message}", exception);
        }
    }

    private async Task<IResult> RespondAsync(HttpRequest request)
    {
        var path = request.Path.Value![AccessRules.ControlPath.Length..].Trim('/');
        if (_dashboard is not null && DashboardPage.Find(request, path) is { } file)
        {
            return file;
        }

        if (_access.RefuseControl(request, isPublic: path == Health) is { } refusal)
        {
            return refusal;
        }

        try
        {
            if (_pages.TryGetValue((request.Method, path), out var page))
            {
                var response = await page(request, await ReadAsync(request).ConfigureAwait(false)).ConfigureAwait(false);
                return new ApiResponse(StatusCodes.Status200OK, ControlJson.ToToken(response));
            }

            return _dashboard is not null && await _dashboard.RespondAsync(request, path).ConfigureAwait(false) is { } view
                ? view
                : RefuseUnknown(request, path);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or JsonException)
        {
            return ErrorResponses.Detail(StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (Exception exception)
        {
            return ErrorResponses.Failed(exception);
        }
    }

    private ApiResponse RefuseUnknown(HttpRequest request, string path)
    {
        var allowed = _pages.Keys.Where(each => each.Path == path).Select(each => each.Method).ToArray();
        request.HttpContext.Response.Headers.Allow = allowed;
        return allowed.Length > 0
            ? ErrorResponses.MethodNotAllowed
            : ErrorResponses.Detail(
                StatusCodes.Status404NotFound, $"There is no such endpoint; GET {AccessRules.ControlPath}/ lists them.");
    }

    // Other machines can see that the sandbox is running, but not the license key.
    private object DescribeHealth(HttpRequest request) => new
    {
        Status = "ok",
        Now = _clock.GetUtcNow(),
        Ffmpeg = _server.UsesFfmpeg,
        LicenseKey = _access.IsTrusted(request) ? _server.LicenseKey : null,
    };

    private object Advance(JObject body)
    {
        var text = (string?)body["advance"];
        var time = FaultDuration.TryParse(text)
            ?? throw new FormatException("""Give the time: { "advance": "90m" }, in ms, s, m, h or d, at most 365d.""");
        _server.Advance(time);
        return new { Now = _clock.GetUtcNow() };
    }

    private async Task<object> SeedAsync(JObject body, CancellationToken cancellationToken) =>
        await _server.SeedAsync(ControlJson.Read<SandboxSeed>(body), cancellationToken).ConfigureAwait(false);

    private object DescribeFaults() => new { Faults = _server.Faults.Entries };

    private object AddFaults(JObject body)
    {
        var faults = (string?)body["faults"]
            ?? throw new FormatException("""Give the faults: { "faults": "status=503;on=check;times=2" }.""");
        _server.Faults.Add(faults);
        return DescribeFaults();
    }

    private object ClearFaults()
    {
        _server.Faults.Clear();
        return DescribeFaults();
    }

    private object Reset()
    {
        _server.Reset();
        return new { Now = _clock.GetUtcNow() };
    }
}
