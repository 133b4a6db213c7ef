using LalalAi;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the settings of one registration, with all that is wrong in one message.</summary>
internal sealed class LalalAiClientOptionsValidator(string optionsName) : IValidateOptions<LalalAiClientOptions>
{
    public ValidateOptionsResult Validate(string? name, LalalAiClientOptions options)
    {
        if (name != optionsName)
        {
            return ValidateOptionsResult.Skip;
        }

        var problems = options.Problems().ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
