using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LalalAi.Tests.Processing;

namespace LalalAi.Tests.Documentation;

/// <summary>The tables of the pages in <c>docs</c> are complete, with all members and defaults.</summary>
public sealed partial class ReferenceTablesTests
{
    private static readonly Type[] Types = typeof(ILalalAiClient).Assembly.GetExportedTypes();

    private static readonly PropertyInfo[] Settings = [.. typeof(LalalAiClientOptions).GetProperties().Where(property => property.CanWrite)];

    private static IEnumerable<(string Exception, string[] Members)> Exceptions =>
        from row in Rows("errors.md", "what happened")
        let parts = row[1].Split(": ", 2)
        select (CodeIn(parts[0])[0], parts.Length > 1 ? CodeIn(parts[1]) : []);

    private static IEnumerable<TestCaseData> ExceptionCases => Exceptions.Select(row => new TestCaseData(row.Exception, row.Members).SetArgDisplayNames(row.Exception));

    [Test]
    public void Every_exception_is_in_the_table_of_errors() =>
        Assert.That(Types.Where(type => type.IsSubclassOf(typeof(Exception))).Select(type => type.Name), Is.SubsetOf(Exceptions.Select(row => row.Exception)));

    [TestCaseSource(nameof(ExceptionCases))]
    public void Every_exception_has_the_members_that_its_row_names(string exception, string[] members)
    {
        var type = Types.SingleOrDefault(type => type.Name == exception) ?? typeof(Exception).Assembly.GetType("System." + exception);

        Assert.That(members, Is.SubsetOf(type!.GetProperties().Select(property => property.Name)));
    }

    [Test]
    public void Every_setting_is_in_the_table_of_settings() =>
        Assert.That(Rows("dependency-injection.md", "setting").Select(row => CodeIn(row[0])[0]), Is.EquivalentTo(Settings.Select(property => property.Name)));

    [Test]
    public void Every_default_of_a_setting_is_the_one_in_the_table()
    {
        var defaults = Settings.Select(property => (property.Name, Default: Describe(property.GetValue(new LalalAiClientOptions())))).Where(setting => setting.Default is not null);

        Assert.That(defaults, Is.SubsetOf(Rows("dependency-injection.md", "setting").Select(row => (CodeIn(row[0])[0], (string?)row[1].Trim('`')))));
    }

    [Test]
    public void Every_state_of_a_task_is_in_the_table() =>
        Assert.That(Rows("waiting.md", "state").Select(row => CodeIn(row[0])[0]), Is.EquivalentTo(Types.Where(type => type.IsSubclassOf(typeof(TaskState)) && !type.IsAbstract).Select(type => type.Name)));

    [Test]
    public void Every_existing_file_behavior_is_in_the_table() =>
        Assert.That(Rows("downloads.md", "`ExistingFile`").Select(row => CodeIn(row[0])[0]), Is.EqualTo(Enum.GetNames<ExistingFileBehavior>()));

    [Test]
    public void Every_option_of_a_job_is_in_the_table() =>
        Assert.That(
            Rows("jobs.md", "option").Select(row => CodeIn(row[0])[0]),
            Is.EquivalentTo(typeof(ProcessOptions).GetProperties().Select(property => property.Name)));

    [Test]
    public void Every_checkpoint_that_is_resumed_in_a_test_is_in_the_table() =>
        Assert.That(
            Rows("jobs.md", "last checkpoint").Select(row => row[0]).Skip(1),
            Is.EqualTo(
                typeof(ProcessJobTests).GetMethod(nameof(ProcessJobTests.ProcessAsync_resumes_from_each_checkpoint))!.GetCustomAttributes<TestCaseAttribute>().Select(test => test.Arguments[0])));

    [Test]
    public void Every_method_of_the_model_factory_is_in_the_table() =>
        Assert.That(
            Rows("testing.md", "method").Select(row => CodeIn(row[0])[0]),
            Is.EquivalentTo(
                typeof(LalalAiModelFactory).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)));

    [Test]
    public void Every_kind_of_task_is_in_the_table() =>
        Assert.That(
            Rows("getting-started.md", "type of presets").Select(row => CodeIn(row[0])[0]),
            Is.EquivalentTo(
                typeof(TaskPresets).Assembly.GetExportedTypes()
                    .Where(type => type.IsSubclassOf(typeof(TaskPresets)) && type != typeof(UnknownTaskPresets)).Select(type => type.Name)));

    /// <summary>A default as the table writes it, or <see langword="null"/> for what the table puts into words.</summary>
    private static string? Describe(object? value) => value switch
    {
        TimeSpan { TotalMinutes: > 2 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} minutes"),
        TimeSpan { TotalSeconds: 1 } => "1 second",
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} seconds"),
        int number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Uri address => address.ToString(),
        _ => null,
    };

    /// <summary>The rows of the table whose first column has a name.</summary>
    private static IEnumerable<string[]> Rows(string page, string firstColumn) =>
        File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", page))
            .SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string[] CodeIn(string text) => [.. Code().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
