using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema.Validation;
using NJsonSchema.Validation.FormatValidators;

namespace LalalAi.Sandbox.Contract;

/// <summary>The contract's format <c>uuid4</c>: a version 4 UUID in its canonical form, with hyphens and without braces.</summary>
internal sealed partial class Uuid4Format : IFormatValidator
{
    public ValidationErrorKind ValidationErrorKind => ValidationErrorKind.UuidExpected;

    public string Format => "uuid4";

    public static bool IsUuid(string value) => Uuid().IsMatch(value);

    public bool IsValid(string value, JTokenType tokenType) => tokenType != JTokenType.String || Uuid4().IsMatch(value);

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(
        @"\A[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid4();
}
