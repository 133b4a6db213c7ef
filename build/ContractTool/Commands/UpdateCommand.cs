using System.ComponentModel;
using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.Contracts.Downloads;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Updating;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>update</c>: the facts of a newly published contract in the vendored one, once it is known to build.</summary>
internal sealed class UpdateCommand(TextWriter output) : AsyncCommand<UpdateCommand.Settings>
{
    public const string DefaultContract = "openapi/lalalai.yml";

    public const string Description =
        "Merges the facts of a newly published contract into the vendored one, if they changed and the client still builds. Prose, order "
            + "and layout stay. Nothing is written when anything fails. "
            + ChangeReport.ExitCodes;

    private const string DefaultOverlay = "openapi/csharp.overlay.yml";
    private const string DefaultChangelog = "CHANGELOG.md";

    private const string DownloadAdvice =
        "Check the address. Try again, allow more time with --timeout, or download the document by hand and pass the file. ";

    private static readonly string[] DownloadFailures = ["LC0401", "LC0402", "LC0404", "LC0407"];

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<FILE|URL>")]
        [Description("The new contract, YAML or JSON: a file, or an https address.")]
        public required string Source { get; init; }

        [CommandOption("--contract <FILE>")]
        [Description("The vendored contract to update, relative to the current folder.")]
        [DefaultValue(DefaultContract)]
        public required string Contract { get; init; }

        [CommandOption("--overlay <FILE>")]
        [Description($"The overlay that must apply to the new contract. {DefaultOverlay} if that exists.")]
        public string? Overlay { get; init; }

        [CommandOption("--timeout <SECONDS>")]
        [Description("How long a download may take.")]
        [DefaultValue(60)]
        public int Timeout { get; init; }

        [CommandOption("--dry-run")]
        [Description("Reports what would change and writes nothing but the report.")]
        public bool DryRun { get; init; }

        [CommandOption("--no-build")]
        [Description("Skips the trial build, which generates and compiles the client in a temporary folder.")]
        public bool NoBuild { get; init; }

        [CommandOption("--report <FILE>")]
        [Description("Writes what the update means as Markdown, for a pull request.")]
        public string? Report { get; init; }

        [CommandOption("--changelog [FILE]")]
        [Description($"Adds the update to the changelog, {DefaultChangelog} by default.")]
        [DefaultValue(DefaultChangelog)]
        public required FlagValue<string> Changelog { get; init; }

        public override ValidationResult Validate() =>
            Timeout > 0 ? ValidationResult.Success() : ValidationResult.Error("--timeout must be at least 1 second.");
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            var update = await PrepareAsync(settings, cancellationToken).ConfigureAwait(false);
            var summary = ChangeReport.Print(update.Changes, output);
            if (summary != ChangeReport.NothingChanged)
            {
                Write(settings, update);
            }

            return summary;
        }
        catch (ContractException exception)
        {
            var advice = DownloadFailures.Contains(exception.Code) ? DownloadAdvice : string.Empty;
            throw new ContractException(
                exception.Code, $"{exception.Message} {advice}{settings.Contract} is unchanged.", exception.Location, exception);
        }
    }

    private static async Task<ContractUpdate> PrepareAsync(Settings settings, CancellationToken cancellationToken)
    {
        var overlay = settings.Overlay ?? (File.Exists(DefaultOverlay) ? DefaultOverlay : null);
        var source =
            await ContractSource.GetAsync(settings.Source, TimeSpan.FromSeconds(settings.Timeout), cancellationToken).ConfigureAwait(false);
        var update = ContractUpdate.Prepare(source, settings.Contract, overlay);
        if (update.Changes.Count > 0 && !settings.NoBuild)
        {
            await new TrialBuild(update.Contract, overlay).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        return update;
    }

    private void Write(Settings settings, ContractUpdate update)
    {
        if (settings.Report is not null)
        {
            AtomicFile.Write(settings.Report, UpdateReport.ToMarkdown(update));
        }

        if (settings.DryRun)
        {
            output.WriteLine($"Dry run: {settings.Contract} is unchanged.");
            return;
        }

        // The changelog first: what can fail in it must leave the contract alone.
        if (settings.Changelog.IsSet)
        {
            AtomicFile.Write(
                settings.Changelog.Value, UpdateReport.AddTo(JsonDocumentReader.ReadAllText(settings.Changelog.Value), update));
        }

        AtomicFile.Write(settings.Contract, update.Contract);
        output.WriteLine($"{settings.Contract} has the new facts. Version to raise: {UpdateReport.VersionOf(update)}.");
        PrintNextSteps(update);
    }

    private void PrintNextSteps(ContractUpdate update)
    {
        output.WriteLine("Next:");
        if (update.PublishersProse.Count > 0)
        {
            output.WriteLine("  1. Reword the publisher's prose, which becomes XML documentation:");
            foreach (var place in update.PublishersProse)
            {
                output.WriteLine($"       {PrintableText.Of(place)}");
            }
        }
        else
        {
            output.WriteLine("  1. No prose came along: there is nothing to reword.");
        }

        output.WriteLine("  2. dotnet test: what fails names the code to write, and the snapshots show what changed for users.");
        output.WriteLine($"  3. Accept the snapshots that are right: {UpdateReport.AcceptSnapshots}");
        if (update.Changes.Any(change => change.Kind != ChangeKind.Removed && change.Text.StartsWith("schema ", StringComparison.Ordinal)))
        {
            output.WriteLine($"  4. If a new schema should have another name in C#, give it an x-csharp-name in {DefaultOverlay}.");
        }
    }
}
