namespace LalalAi.Cli.Connection;

/// <summary>The folders for data of the user that does not belong to a run.</summary>
internal static class UserFolder
{
    /// <summary>The environment variable that puts everything into one folder, for example on a portable disk.</summary>
    public const string Variable = "LALALAI_HOME";

    private const string Name = "lalalai";

    /// <summary>The folder for settings and license keys.</summary>
    public static string Config(ProgramContext context) =>
        Moved(context) ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), Name);

    /// <summary>The folder for data that can be deleted.</summary>
    public static string Cache(ProgramContext context) => Moved(context) ?? Path.Combine(CacheRoot(context), Name);

    private static string? Moved(ProgramContext context) =>
        context.Variable(Variable) is { } folder ? Path.GetFullPath(folder) : null;

    private static string CacheRoot(ProgramContext context) =>
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : OperatingSystem.IsMacOS() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Caches")
        : context.Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
