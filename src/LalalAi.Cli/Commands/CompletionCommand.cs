using System.CommandLine;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>
/// Writes a script that lets a shell complete commands, options and values. The script calls the program for suggestions.
/// </summary>
internal sealed class CompletionCommand : CliCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] =
            """
            _lalalai() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(lalalai "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _lalalai lalalai
            """,
        ["zsh"] =
            """
            #compdef lalalai
            _lalalai() {
              local -a completions
              completions=("${(@f)$(lalalai "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              compadd -a completions || _files
            }
            compdef _lalalai lalalai
            """,
        ["fish"] =
            """
            complete -c lalalai -a '(lalalai "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] =
            """
            Register-ArgumentCompleter -Native -CommandName lalalai -ScriptBlock {
              param($word, $line, $position)
              lalalai "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    private readonly Argument<string> _shell = new("shell") { HelpName = "SHELL", Description = "bash, zsh, fish or pwsh." };

    public CompletionCommand(Output output)
        : base("completion", "Write a completion script for a shell.")
    {
        _shell.CompletionSources.Add([.. Scripts.Keys]);
        Add(_shell);
        Examples =
        [
            "completion bash > ~/.local/share/bash-completion/completions/lalalai",
            "completion fish > ~/.config/fish/completions/lalalai.fish",
        ];
        SetAction(arguments =>
        {
            var shell = arguments.GetValue(_shell)!;
            output.Text(Scripts.TryGetValue(shell, out var script)
                ? script
                : throw new UsageException(
                    $"Unknown shell '{shell}'.{Suggestion.For(shell, Scripts.Keys)} Available: {string.Join(", ", Scripts.Keys)}."));
            return ExitCode.Success;
        });
    }
}
