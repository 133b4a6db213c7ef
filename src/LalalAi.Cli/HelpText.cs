using Spectre.Console;
using Spectre.Console.Cli;
using Spectre.Console.Cli.Help;
using Spectre.Console.Rendering;

namespace LalalAi.Cli;

/// <summary>The help that Spectre makes of the commands, and below it what holds for all of them.</summary>
internal sealed class HelpText(ICommandAppSettings settings) : HelpProvider(settings)
{
    private static readonly (string Name, string Meaning)[] ExitCodes =
    [
        ("0", "All is done."),
        ("1", "Something failed; running the same command again may help."),
        ("2", "The command line, a setting or a file is wrong."),
        ("3", "The license key was not accepted, or the plan does not cover it."),
        ("4", "The minutes are used up, or the cap is reached."),
        ("130", "Interrupted; running the same command again goes on."),
    ];

    private static readonly (string Name, string Meaning)[] Variables =
    [
        (LalalAiClientOptions.LicenseKeyVariable, "The license key."),
        (LalalAiClientOptions.BaseAddressVariable, "Another service, for example a sandbox: http on loopback, https elsewhere."),
        ("NO_COLOR", "Set to anything, there are no colours."),
    ];

    public override IEnumerable<IRenderable> GetFooter(ICommandModel model, ICommandInfo? command) => [Section("ENVIRONMENT", Variables), Section("EXIT CODES", ExitCodes)];

    private static Rows Section(string title, (string Name, string Meaning)[] rows)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(4, 0, 4, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (name, meaning) in rows)
        {
            grid.AddRow(name, meaning);
        }

        return new Rows(Text.Empty, new Text($"{title}:", new Style(Color.Yellow)), grid);
    }
}
