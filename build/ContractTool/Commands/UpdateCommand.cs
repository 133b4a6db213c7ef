using System.ComponentModel;
using LalalAi.ContractTool.Comparing;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Updating;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>update</c>: a newly published contract in the place of the vendored one, once it is known to build.</summary>
internal sealed class UpdateCommand(TextWriter output) : AsyncCommand<UpdateCommand.Settings>
{
    public const string Description =
        "Replaces the vendored contract by a newly published one, if facts changed and every rule covers it. Nothing is written when anything fails. " + ChangeReport.ExitCodes;

    public const string DefaultContract = "openapi/lalalai.yml";

    private const string DefaultOverlay = "openapi/csharp.overlay.yml";

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<FILE|URL>")]
        [Description("The new contract, YAML or JSON: a file, or an http or https address.")]
        public required string Source { get; init; }

        [CommandOption("--contract <FILE>")]
        [Description("The vendored contract to replace, relative to the current folder.")]
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
        [Description("Says what would change and writes nothing.")]
        public bool DryRun { get; init; }

        [CommandOption("--prose")]
        [Description("Replaces the file even when only its prose, order or notation changed. Without it the wording in the repository stays.")]
        public bool Prose { get; init; }

        public override Spectre.Console.ValidationResult Validate() =>
            Timeout > 0 ? Spectre.Console.ValidationResult.Success() : Spectre.Console.ValidationResult.Error("--timeout must be at least 1 second.");
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        ContractUpdate update;
        int summary;
        try
        {
            var source = await ContractSource.GetAsync(settings.Source, TimeSpan.FromSeconds(settings.Timeout), cancellationToken).ConfigureAwait(false);
            update = ContractUpdate.Prepare(source, settings.Contract, settings.Overlay ?? (File.Exists(DefaultOverlay) ? DefaultOverlay : null));
            summary = ChangeReport.Print(update.Changes, output);
            if (settings.DryRun)
            {
                output.WriteLine($"Dry run: {settings.Contract} is as it was.");
                return summary;
            }

            if (summary == ChangeReport.NothingChanged && !settings.Prose)
            {
                output.WriteLine($"{settings.Contract} is as it was. To take the new wording all the same: --prose.");
                return summary;
            }

            update.WriteTo(settings.Contract);
        }
        catch (ContractException exception)
        {
            throw new ContractException(exception.Code, $"{exception.Message} {settings.Contract} is as it was.", exception.Location, exception);
        }

        output.WriteLine($"{settings.Contract} is replaced. Its prose is the publisher's now; `git diff` shows which wording to take back.");
        PrintNextSteps(update.Changes);
        return summary;
    }

    private void PrintNextSteps(IReadOnlyList<Change> changes)
    {
        output.WriteLine("Next:");
        output.WriteLine("  1. dotnet build: the client is generated from the new contract.");
        output.WriteLine("  2. dotnet test: the snapshots that fail show what changed for users.");
        output.WriteLine("  3. Accept the snapshots that are right: ACCEPT_SNAPSHOTS=true dotnet test");
        if (changes.Any(change => change.Kind != ChangeKind.Removed && change.Text.StartsWith("schema ", StringComparison.Ordinal)))
        {
            output.WriteLine($"  4. If a new schema should have another name in C#, give it an x-csharp-name in {DefaultOverlay}.");
        }
    }
}
