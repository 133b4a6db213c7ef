using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace LalalAi.Sandbox;

/// <summary>
/// How the sandbox behaves where the service is not documented. A property that is <see langword="null"/> keeps the default behavior of the
/// sandbox. <c>lalalai doctor --probe</c> tests how the service behaves, and writes a file for <see cref="Load"/>.
/// </summary>
public sealed record SandboxBehavior
{
    /// <summary>The version of the file format that <see cref="Load"/> reads.</summary>
    public const int FileVersion = 1;

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
        Converters = { new StringEnumConverter(new SnakeCaseNamingStrategy(), allowIntegerValues: false) },
        MissingMemberHandling = MissingMemberHandling.Error,
    });

    // Longer than any test. It can still be added to a date.
    private static readonly TimeSpan Never = TimeSpan.FromDays(9 * 365);

    /// <summary>
    /// The response to a start with the idempotency key and the parameters of a queued task.
    /// <see cref="ReusedKeyResponse.SameTask"/> if it is not known.
    /// </summary>
    public ReusedKeyResponse? SameKeyWhileQueued { get; init; }

    /// <summary>
    /// The response to a check of a task ID that never existed. <see cref="MissingTaskResponse.ServerError"/> if it is not known.
    /// </summary>
    public MissingTaskResponse? UnknownTask { get; init; }

    /// <summary>
    /// The response to a check of a task that was created more than a day ago. <see cref="MissingTaskResponse.Reported"/> keeps tasks for
    /// years. If it is not known, <see cref="UnknownTask"/> applies.
    /// </summary>
    public MissingTaskResponse? ExpiredTask { get; init; }

    /// <summary>Whether sources expire a day after their upload. <see langword="true"/> if it is not known.</summary>
    public bool? SourcesExpire { get; init; }

    /// <summary>
    /// How the checks of a minute are counted. <see cref="CheckWindowKind.Sliding"/> if it is not known, because it is the stricter
    /// one.
    /// </summary>
    public CheckWindowKind? CheckWindow { get; init; }

    /// <summary>
    /// The unit of charging, in seconds of audio: each task costs a multiple of it. Greater than 0. 1 if it is not known.
    /// </summary>
    public int? ChargedSeconds { get; init; }

    /// <summary>Whether the minutes of a canceled task are refunded. <see langword="false"/> if it is not known.</summary>
    public bool? CancelRefundsMinutes { get; init; }

    /// <summary>Whether uploads of content that is not media are rejected. <see langword="false"/> if it is not known.</summary>
    public bool? RejectsUndecodableUploads { get; init; }

    /// <summary>Whether download links support ranges. <see langword="true"/> if it is not known.</summary>
    public bool? LinksSupportRanges { get; init; }

    /// <summary>
    /// Whether download links send the whole track if the <c>If-Range</c> of a request does not match. <see langword="true"/> if it is not
    /// known.
    /// </summary>
    public bool? LinksHonorIfRange { get; init; }

    /// <summary>The <c>ETag</c> of a download. <see cref="EntityTagKind.Strong"/> if it is not known.</summary>
    public EntityTagKind? LinkEntityTag { get; init; }

    /// <summary>Whether downloads have a <c>Last-Modified</c>. <see langword="true"/> if it is not known.</summary>
    public bool? LinksHaveLastModified { get; init; }

    /// <summary>
    /// Whether download links still work for a while after their source was deleted. <see langword="true"/> if it is not known.
    /// </summary>
    public bool? LinksOutliveDelete { get; init; }

    /// <summary>Reads a file of <c>lalalai doctor --probe</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The behavior.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or has a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static SandboxBehavior Load(string path)
    {
        try
        {
            var file = Parse(File.ReadAllText(path));
            switch (file["version"])
            {
                case JValue { Value: FileVersion or (long)FileVersion }:
                    break;
                case JValue { Value: > (long)FileVersion } newer:
                    throw Invalid($"it has version {newer}, and this sandbox reads version {FileVersion}. Update the sandbox");
                default:
                    throw Invalid($"it has no valid version, which should be {FileVersion}");
            }

            var behavior = file["facts"] is JObject facts ? facts.ToObject<SandboxBehavior>(Serializer)! : throw Invalid("it has no facts");
            return behavior.Problem is { } problem ? throw Invalid(problem) : behavior;
        }
        catch (JsonException exception)
        {
            // The messages of the parser contain type names.
            var place = (exception as JsonReaderException)?.Path ?? (exception as JsonSerializationException)?.Path;
            throw Invalid($"'{place}' is not a known fact, or its value is not valid", exception);
        }

        JObject Parse(string text)
        {
            try
            {
                return JObject.Parse(text);
            }
            catch (JsonReaderException exception)
            {
                throw Invalid($"it is not a JSON object (line {exception.LineNumber}, position {exception.LinePosition})", exception);
            }
        }

        InvalidDataException Invalid(string reason, Exception? exception = null) =>
            new($"'{path}' is not a behavior file that can be used: {reason}.", exception);
    }

    /// <summary>The reason why the sandbox cannot behave like that; null if it can.</summary>
    internal string? Problem => UnknownTask == MissingTaskResponse.Reported ? "a task that never existed cannot be reported"
        : ChargedSeconds is < 1 or > 3600 ? "the charged seconds must be from 1 to 3600"
        : null;

    /// <summary>The options with the known lifetimes.</summary>
    internal SandboxOptions ApplyTo(SandboxOptions options) => options with
    {
        TaskLifetime = ExpiredTask == MissingTaskResponse.Reported ? Never : options.TaskLifetime,
        SourceLifetime = SourcesExpire == false ? Never : options.SourceLifetime,
        LinkGraceAfterDelete = LinksOutliveDelete == false ? TimeSpan.Zero : options.LinkGraceAfterDelete,
    };
}
