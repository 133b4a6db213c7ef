using System.Globalization;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LalalAi.Sandbox.Contract;

/// <summary>The OpenAPI document of the service, for the validation of requests and responses.</summary>
internal sealed class ServiceContract
{
    /// <summary>The path at which the service publishes the document.</summary>
    public const string Path = OperationContract.Root + "openapi.json";

    private const string Json = "application/json";

    // Parsing takes a few hundred milliseconds. All servers of the process share the immutable result.
    private static readonly Lazy<Task<ServiceContract>> Shared = new(() => Task.Run(ReadEmbeddedAsync));

    private readonly JObject _schemas;

    private ServiceContract(JObject schemas, IReadOnlyDictionary<string, OperationContract> operations)
    {
        _schemas = schemas;
        Operations = operations;
    }

    /// <summary>The operations by path.</summary>
    public IReadOnlyDictionary<string, OperationContract> Operations { get; }

    public static Task<ServiceContract> LoadAsync() => Shared.Value;

    /// <summary>Sends the document, as the service does.</summary>
    public static async Task SendAsync(HttpContext context)
    {
        var document = OpenEmbedded();
        await using (document.ConfigureAwait(false))
        {
            context.Response.ContentType = Json;
            await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    public static async Task<ServiceContract> ReadAsync(TextReader reader)
    {
        using var json = new JsonTextReader(reader) { DateParseHandling = DateParseHandling.None };
        var document = await JObject.LoadAsync(json).ConfigureAwait(false);
        var schemas = (JObject)document["components"]!["schemas"]!;
        var posts = ((JObject)document["paths"]!).Properties().ToDictionary(
            path => path.Name, path => (JObject)path.Value["post"]!, StringComparer.Ordinal);

        // One schema document, so that references between schemas resolve and each schema is parsed once.
        var definitions = new JObject(
            schemas.Properties().Select(schema => new JProperty(schema.Name, JsonSchemaRules.Rewrite(schema.Value))));
        foreach (var (path, operation) in posts)
        {
            AddDefinition(definitions, RequestName(path), operation["requestBody"]);
            foreach (var response in Responses(operation))
            {
                AddDefinition(definitions, ResponseName(path, response.Name), response.Value);
            }
        }

        var root = await JsonSchema.FromJsonAsync(new JObject(new JProperty("definitions", definitions)).ToString()).ConfigureAwait(false);
        var operations = posts.ToDictionary(
            post => post.Key,
            post => new OperationContract(
                post.Key,
                root.Definitions.TryGetValue(RequestName(post.Key), out var request) ? request.ActualSchema : null,
                JsonSchemaOf(post.Value["requestBody"]),
                Responses(post.Value)
                    .Where(response => root.Definitions.ContainsKey(ResponseName(post.Key, response.Name)))
                    .ToDictionary(
                        response => int.Parse(response.Name, CultureInfo.InvariantCulture),
                        response => root.Definitions[ResponseName(post.Key, response.Name)].ActualSchema)),
            StringComparer.Ordinal);
        return new ServiceContract(schemas, operations);
    }

    /// <summary>Resolves a reference, direct or as the only member of an <c>allOf</c>.</summary>
    public JObject Resolve(JObject schema)
    {
        while (true)
        {
            if (schema["$ref"] is { } reference)
            {
                schema = (JObject)_schemas[((string)reference!).Split('/')[^1]]!;
            }
            else if (schema["allOf"] is JArray { Count: 1 } parts)
            {
                schema = (JObject)parts[0];
            }
            else
            {
                return schema;
            }
        }
    }

    private static async Task<ServiceContract> ReadEmbeddedAsync()
    {
        using var reader = new StreamReader(OpenEmbedded());
        return await ReadAsync(reader).ConfigureAwait(false);
    }

    private static Stream OpenEmbedded() => typeof(ServiceContract).Assembly.GetManifestResourceStream("lalalai.json")
        ?? throw new InvalidOperationException("The contract is not embedded in the assembly.");

    private static string RequestName(string path) => $"request of {path.Trim('/').Replace('/', ' ')}";

    private static string ResponseName(string path, string status) => $"answer {status} of {path.Trim('/').Replace('/', ' ')}";

    private static IEnumerable<JProperty> Responses(JObject operation) => ((JObject)operation["responses"]!).Properties();

    private static JObject? JsonSchemaOf(JToken? body) => body?["content"]?[Json]?["schema"] as JObject;

    private static void AddDefinition(JObject definitions, string name, JToken? body)
    {
        if (JsonSchemaOf(body) is { } schema)
        {
            definitions[name] = JsonSchemaRules.Rewrite(schema);
        }
    }
}
