using System.Globalization;

namespace LalalAi.Sandbox.Faults;

/// <summary>
/// Parses and writes fault plans. Commas separate entries. An entry consists of faults, joined by <c>+</c>, and settings, each after a
/// semicolon, such as <c>delay=2s+status=503;on=check;times=3, reset</c>. All characters are valid in file names and headers.
/// </summary>
internal sealed class FaultGrammar(IEnumerable<string> operations)
{
    public const int LowestStatus = 300;
    public const int HighestStatus = 599;

    public static IReadOnlyList<string> Settings { get; } = ["on", "times", "skip", "code", "detail"];

    private readonly string[] _scopes =
        [FaultScope.Any, FaultScope.Start, FaultScope.Download, .. operations.Order(StringComparer.Ordinal)];

    /// <summary>The scopes that <c>on</c> can set.</summary>
    public IReadOnlyList<string> Scopes => _scopes;

    /// <exception cref="FaultPlanException">The text is not valid. The message names the entry and what to write instead.</exception>
    public IReadOnlyList<FaultEntry> Parse(string text, int? times) =>
        [.. text.Split(',').Select(entry => ParseEntry(entry.Trim(), times))];

    /// <summary>Creates an entry from typed faults.</summary>
    /// <exception cref="FaultPlanException">The operation does not exist, or does not support one of the faults.</exception>
    public FaultEntry Create(IReadOnlyList<Fault> faults, string? on, int skip, int? times) =>
        new(faults, Scope(Write(faults), faults, on), skip, times);

    /// <summary>Writes an entry.</summary>
    public static string Write(IReadOnlyList<Fault> faults, string? on = null, int skip = 0, int? times = null)
    {
        var names = faults.Select(fault => fault.WriteValue() is { } value ? $"{fault.Kind.Name}={value}" : fault.Kind.Name);
        (string Name, string? Value)[] settings =
        [
            ("on", on),
            ("skip", skip == 0 ? null : skip.ToString(CultureInfo.InvariantCulture)),
            ("times", times?.ToString(CultureInfo.InvariantCulture)),
            ("code", faults.Select(fault => fault.Code).FirstOrDefault(code => code is not null)),
            ("detail", faults.Select(fault => fault.Detail).FirstOrDefault(detail => detail is not null)),
        ];
        var written = settings.Where(setting => setting.Value is not null).Select(setting => $"{setting.Name}={setting.Value}");
        return string.Join(';', written.Prepend(string.Join('+', names)));
    }

    private FaultEntry ParseEntry(string text, int? times)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parts.Skip(1).Select(Pair))
        {
            if (!Settings.Contains(name) || string.IsNullOrEmpty(value) || !settings.TryAdd(name, value))
            {
                throw Wrong(
                    text, $"'{name}' is not a setting with a value, or occurs twice; the settings are {string.Join(", ", Settings)}");
            }
        }

        var (code, detail) = (settings.GetValueOrDefault("code"), settings.GetValueOrDefault("detail"));
        Fault[] faults = [.. parts[0].Split('+').Select(fault => ParseFault(text, fault.Trim()) with { Code = code, Detail = detail })];
        var scope = Scope(text, faults, settings.GetValueOrDefault("on"));
        var skip = Count(text, settings, "skip", 0) ?? 0;
        return new FaultEntry(faults, scope, skip, Count(text, settings, "times", 1) ?? times) { Text = text };
    }

    private static Fault ParseFault(string entry, string text)
    {
        var (name, value) = Pair(text);
        var kind = FaultKind.All.FirstOrDefault(kind => kind.Name == name)
            ?? throw Wrong(entry, $"there is no fault '{name}'; the faults are {string.Join(", ", FaultKind.All)}");
        var fault = Fault.Of(kind);
        switch (kind.Value)
        {
            case FaultValue.Text:
                return fault with { Text = value };
            case FaultValue.None when value is null:
            case FaultValue.Bytes or FaultValue.Status when value is null:
                return fault;
            case FaultValue.Bytes when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes):
                return fault with { Number = bytes };
            case FaultValue.Status or FaultValue.RequiredStatus
                when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                    && status is >= LowestStatus and <= HighestStatus:
                return fault with { Number = status };
            case FaultValue.RequiredDuration when FaultDuration.TryParse(value) is { } duration:
                return fault with { Duration = duration };
            default:
                throw Wrong(entry, $"'{name}' takes {Describe(kind.Value)}");
        }
    }

    private static string Describe(FaultValue value) => value switch
    {
        FaultValue.None => "no value",
        FaultValue.Bytes => "a number of bytes or nothing",
        FaultValue.Status => "a status code from 300 to 599 or nothing",
        FaultValue.RequiredStatus => "a status code from 300 to 599",
        _ => "a duration such as 500ms, 2s, 5m or 1h",
    };

    private static int? Count(string entry, Dictionary<string, string> settings, string name, int least) =>
        !settings.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least ? count
        : throw Wrong(entry, $"'{name}' takes a number, {least} or more");

    private static (string Name, string? Value) Pair(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (text[..at].Trim(), text[(at + 1)..].Trim()) : (text, null);

    private static FaultPlanException Wrong(string entry, string reason) => new($"The fault '{entry}' cannot be read: {reason}.");

    private string Scope(string entry, IReadOnlyList<Fault> faults, string? on)
    {
        if (on is not null && !_scopes.Contains(on))
        {
            throw Wrong(entry, $"there is no operation '{on}'; use one of {string.Join(", ", _scopes)}");
        }

        var scope = on ?? FaultScope.Default(faults);
        return faults.FirstOrDefault(fault => !fault.Kind.AppliesTo(scope)) is { } unsupported
            ? throw Wrong(entry, $"'{unsupported.Kind}' does not apply to '{scope}'")
            : scope;
    }
}
