using System.Text.Json;

namespace LalalAi.Cluster;

/// <summary>Serializes values between processes as JSON, which is the same for all versions of the library.</summary>
[GenerateSerializer]
internal readonly record struct JsonSurrogate([property: Id(0)] string Json);

[RegisterConverter]
internal sealed class JobRequestConverter : IConverter<JobRequest, JsonSurrogate>
{
    public JobRequest ConvertFromSurrogate(in JsonSurrogate surrogate) => JsonSerializer.Deserialize<JobRequest>(surrogate.Json)!;

    public JsonSurrogate ConvertToSurrogate(in JobRequest value) => new(JsonSerializer.Serialize(value));
}

[RegisterConverter]
internal sealed class JobStatusConverter : IConverter<JobStatus, JsonSurrogate>
{
    public JobStatus ConvertFromSurrogate(in JsonSurrogate surrogate) => JsonSerializer.Deserialize<JobStatus>(surrogate.Json)!;

    public JsonSurrogate ConvertToSurrogate(in JobStatus value) => new(JsonSerializer.Serialize(value));
}
