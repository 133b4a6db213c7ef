using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace LalalAi.Sandbox.Contract;

/// <summary>Validates values against a schema of the contract, and reports errors in the format of FastAPI.</summary>
internal static class SchemaValidation
{
    private static readonly JsonSchemaValidatorSettings Settings = CreateSettings();

    /// <summary>The errors of a request body, as the <c>detail</c> array of a 422; empty when it is valid.</summary>
    public static IReadOnlyList<ValidationDetail> Validate(JsonSchema schema, JToken value)
    {
        var errors = new JsonSchemaValidator(Settings).Validate(value, schema, SchemaType.JsonSchema);

        // A value of the wrong type is not in the enumeration either. FastAPI reports one error per location.
        var details = errors.SelectMany(Leaves).Select(error => ValidationDetail.From(error, value));
        return [.. details.DistinctBy(detail => string.Join('/', detail.Location))];
    }

    private static IEnumerable<ValidationError> Leaves(ValidationError error)
    {
        if (error is not ChildSchemaValidationError union)
        {
            return [error];
        }

        // For a nullable value, the useful error is that of the other type.
        var branches = union.Errors.Where(branch => !IsNullType(branch.Key)).Select(branch => branch.Value.SelectMany(Leaves)).ToArray();
        return branches.Length == 0 ? [error]
            : error.Kind == ValidationErrorKind.NotAllOf ? branches.SelectMany(leaves => leaves)
            : branches[0];
    }

    private static bool IsNullType(JsonSchema schema) => schema.ActualSchema.Type == JsonObjectType.Null;

    private static JsonSchemaValidatorSettings CreateSettings()
    {
        var settings = new JsonSchemaValidatorSettings();
        settings.AddCustomFormatValidator(new Uuid4Format());
        return settings;
    }
}
