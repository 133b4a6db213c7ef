using System.Globalization;
using Newtonsoft.Json;

namespace LalalAi.Sandbox.Faults;

/// <summary>Writes the entries of a fault plan as C#.</summary>
internal static class FaultCode
{
    private static readonly Dictionary<string, string> Operations = new(StringComparer.Ordinal)
    {
        [SandboxOperation.Any.Name] = nameof(SandboxOperation.Any),
        [SandboxOperation.Start.Name] = nameof(SandboxOperation.Start),
        [SandboxOperation.Download.Name] = nameof(SandboxOperation.Download),
        [SandboxOperation.Upload.Name] = nameof(SandboxOperation.Upload),
        [SandboxOperation.Delete.Name] = nameof(SandboxOperation.Delete),
        [SandboxOperation.Check.Name] = nameof(SandboxOperation.Check),
        [SandboxOperation.Cancel.Name] = nameof(SandboxOperation.Cancel),
        [SandboxOperation.CancelAll.Name] = nameof(SandboxOperation.CancelAll),
        [SandboxOperation.MinutesLeft.Name] = nameof(SandboxOperation.MinutesLeft),
        [SandboxOperation.VoicePacks.Name] = nameof(SandboxOperation.VoicePacks),
    };

    /// <summary>The call that adds an entry to the plan of a sandbox.</summary>
    public static string Write(FaultEntry entry)
    {
        var faults = entry.Faults.Select(Write).ToArray();
        string?[] arguments =
        [
            faults is [var only] ? only : $"[{string.Join(", ", faults)}]",
            entry.Scope == FaultScope.Default(entry.Faults) ? null : $"on: {WriteOperation(entry.Scope)}",
            entry.Times switch
            {
                1 => null,
                { } times => string.Create(CultureInfo.InvariantCulture, $"times: {times}"),
                null => "times: null",
            },
            entry.Skip == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"skip: {entry.Skip}"),
        ];
        return $"sandbox.Faults.Add({string.Join(", ", arguments.OfType<string>())});";
    }

    private static string Write(Fault fault) => fault.Kind.Name switch
    {
        "status" => Call(nameof(Fault.Status), Number(fault), Named("code", fault.Code), Named("detail", fault.Detail)),
        "html" => Call(nameof(Fault.Html), Number(fault)),
        "delay" => Call(nameof(Fault.Delay), Write(fault.Duration)),
        "stall" => Call(nameof(Fault.Stall), Named("afterBytes", fault.Number)),
        "reset" => Call(nameof(Fault.Reset), Named("afterBytes", fault.Number)),
        "truncate" => Call(nameof(Fault.Truncate), Named("afterBytes", fault.Number)),
        "task-error" => Call(nameof(Fault.TaskError), Text(fault), Named("detail", fault.Detail)),
        "unknown-status" => Call(nameof(Fault.UnknownStatus), Text(fault)),
        "file-name" => Call(nameof(Fault.FileName), Text(fault)),
        "lose-response" => Property(nameof(Fault.LoseResponse)),
        "missing-task" => Property(nameof(Fault.MissingTask)),
        "lookup-error" => Property(nameof(Fault.LookupError)),
        "undocumented-values" => Property(nameof(Fault.UndocumentedValues)),
        "missing-file-name" => Property(nameof(Fault.MissingFileName)),
        "ignore-range" => Property(nameof(Fault.IgnoreRange)),
        var unknown => throw new InvalidOperationException($"There is no C# for the fault '{unknown}'."),
    };

    private static string Property(string name) => $"{nameof(Fault)}.{name}";

    private static string Call(string name, params IEnumerable<string?> arguments) =>
        $"{Property(name)}({string.Join(", ", arguments.OfType<string>())})";

    private static string? Number(Fault fault) => fault.Number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(Fault fault) => fault.Text is null ? null : JsonConvert.ToString(fault.Text);

    private static string? Named(string name, string? value) => value is null ? null : $"{name}: {JsonConvert.ToString(value)}";

    private static string? Named(string name, long? value) =>
        value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{name}: {value}");

    private static string Write(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{nameof(TimeSpan)}.FromSeconds({time.TotalSeconds:0})")
        : string.Create(CultureInfo.InvariantCulture, $"{nameof(TimeSpan)}.FromMilliseconds({time.TotalMilliseconds:0.####})");

    private static string WriteOperation(string name) => Operations.TryGetValue(name, out var property)
        ? $"{nameof(SandboxOperation)}.{property}"
        : $"{nameof(SandboxOperation)}.{nameof(SandboxOperation.Named)}({JsonConvert.ToString(name)})";
}
