using System.ComponentModel;
using LalalAi.Models;

namespace LalalAi;

/// <summary>
/// The ID of a task. Any process can use it to wait for the task, for 24 hours after the start. A string in JSON, in
/// routes and in configuration.
/// </summary>
[TypeConverter(typeof(StringValueTypeConverter<TaskId>))]
[Newtonsoft.Json.JsonConverter(typeof(StringValueConverter<TaskId>))]
[System.Text.Json.Serialization.JsonConverter(typeof(ContractJsonConverter))]
public readonly partial record struct TaskId
{
    /// <summary>
    /// Creates an ID from the string that the service uses. UUIDs are normalized to lower case. Other strings are kept, but methods that
    /// need an ID reject them.
    /// </summary>
    /// <param name="value">The ID, a UUID such as <c>5f0c1d1e-2b3a-4c5d-8e6f-7a8b9c0d1e2f</c>.</param>
    public TaskId(string value) => Value = Uuid.Normalize(value);

    /// <summary>The ID in the form of the service.</summary>
    public string Value { get; }

    /// <summary>Whether the ID is a UUID; the service rejects a whole check for one that is not.</summary>
    internal bool IsWellFormed => Uuid.IsWellFormed(Value);

    /// <summary>Returns the ID in the form of the service.</summary>
    public override string ToString() => Value ?? string.Empty;

    /// <summary>Converts a UUID to a task ID.</summary>
    /// <returns>Whether <paramref name="text"/> is a UUID.</returns>
    public static bool TryParse(string? text, out TaskId taskId)
    {
        taskId = text?.Trim() is { } trimmed && Uuid.IsWellFormed(trimmed) ? new TaskId(trimmed) : default;
        return taskId.Value is not null;
    }

    /// <summary>Converts a UUID to a task ID.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a UUID.</exception>
    public static TaskId Parse(string text) =>
        TryParse(text ?? throw new ArgumentNullException(nameof(text)), out var taskId)
            ? taskId
            : throw new FormatException(Uuid.NotValid(text, "task"));
}

#if NET
/// <content>Route values and other text are parsed by the framework.</content>
public readonly partial record struct TaskId : IParsable<TaskId>
{
    /// <inheritdoc/>
    static TaskId IParsable<TaskId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool IParsable<TaskId>.TryParse(string? s, IFormatProvider? provider, out TaskId result) => TryParse(s, out result);
}
#endif
