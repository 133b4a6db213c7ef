using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The files of the page, which are embedded in the assembly. They contain no data and need no token.</summary>
internal sealed class DashboardPage
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    // Only the page's own files and calls, so that injected markup can neither run nor load anything.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Dictionary<string, byte[]> Files = Load(typeof(DashboardPage).Assembly);

    /// <summary>
    /// Whether a request accepts HTML. Browsers list the type. "*/*", as sent by curl and HttpClient, selects the JSON.
    /// </summary>
    public static bool IsAskedFor(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>The requested file; null if the page has no such file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">Its path below the root of control calls.</param>
    public static IResult? Find(HttpRequest request, string path)
    {
        var name = path.Length == 0 && IsAskedFor(request) ? Index : path;
        if (!HttpMethods.IsGet(request.Method) || !Files.TryGetValue(name, out var file))
        {
            return null;
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-cache";
        headers[HeaderNames.Vary] = HeaderNames.Accept;
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Bytes(file, ContentType(name));
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };

    private static Dictionary<string, byte[]> Load(Assembly assembly)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            files[resource[Prefix.Length..]] = bytes.ToArray();
        }

        return files;
    }
}
