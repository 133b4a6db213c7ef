using LalalAi.Tasks;

namespace LalalAi;

/// <summary>What can be said about presets without the service.</summary>
public static class TaskPresetsExtensions
{
    /// <summary>Compares presets with the contract's rules, as a start does, before anything is uploaded.</summary>
    /// <param name="presets">The presets.</param>
    /// <exception cref="ArgumentException">The presets cannot be combined, or no task can be started with them.</exception>
    public static void Validate(this TaskPresets presets) =>
        TaskKind.Validate(presets ?? throw new ArgumentNullException(nameof(presets)), checkRules: true);
}
