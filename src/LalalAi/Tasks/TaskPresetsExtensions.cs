using LalalAi.Tasks;

namespace LalalAi;

/// <summary>Validates presets without a request.</summary>
public static class TaskPresetsExtensions
{
    /// <summary>Validates presets against the contract's rules, like a start does.</summary>
    /// <param name="presets">The presets.</param>
    /// <exception cref="ArgumentException">The presets cannot be combined, or no task can be started with them.</exception>
    public static void Validate(this TaskPresets presets) =>
        TaskKind.Validate(presets ?? throw new ArgumentNullException(nameof(presets)), checkRules: true);
}
