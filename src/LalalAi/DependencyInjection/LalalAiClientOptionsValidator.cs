using LalalAi;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Validates the settings of one registration, and reports all problems in one message.</summary>
internal sealed class LalalAiClientOptionsValidator(string optionsName, bool needsKey) : IValidateOptions<LalalAiClientOptions>
{
    public ValidateOptionsResult Validate(string? name, LalalAiClientOptions options)
    {
        if (name != optionsName)
        {
            return ValidateOptionsResult.Skip;
        }

        var problems = (needsKey ? options.Problems() : options.ProblemsWithoutKey()).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
