namespace LalalAi.ContractTool.Tests.Comparing;

/// <summary>A contract with one of everything, to change one thing in.</summary>
internal static class SmallContract
{
    // Sent is reached by the request only, Got by the response only, Both by either, and Lonely by nothing.
    public const string Text =
        """
        openapi: 3.1.0
        info: {title: Small, version: 1.0.0}
        servers: [{url: 'https://one.example', description: One.}]
        tags: [{name: T}]
        paths:
          /a/:
            post:
              operationId: a_a
              tags: [T, U]
              parameters:
              - {name: X-Mode, in: header, required: false, schema: {type: string}}
              requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}
              responses:
                '200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Got'}}}}
                '400': {description: Bad., content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}
              security: [{Key: []}]
          /b/:
            get: {operationId: b_b, responses: {'200': {description: Fine.}}}
        components:
          securitySchemes:
            Key: {type: apiKey, in: header, name: X-Key}
          schemas:
            Sent:
              type: object
              required: [must, both]
              properties:
                must: {type: string, maxLength: 10}
                may: {type: integer, minimum: 1, maximum: 9, default: 5}
                list: {type: array, minItems: 1, maxItems: 6, items: {type: string, enum: [a, b]}}
                name: {type: string, pattern: '^x', format: uuid4}
                gone: {anyOf: [{type: string}, {type: 'null'}], default: null}
                both: {$ref: '#/components/schemas/Both'}
            Got:
              type: object
              required: [id, state]
              properties:
                id: {type: integer}
                note: {type: string}
                title: {type: string, title: Title}
                description: {type: string}
                percent: {type: integer, minimum: 0, maximum: 100}
                both: {$ref: '#/components/schemas/Both'}
                state:
                  oneOf: [{$ref: '#/components/schemas/Ready'}, {oneOf: [{$ref: '#/components/schemas/Slow'}], discriminator: {propertyName: speed, mapping: {slow: '#/components/schemas/Slow'}}}]
                  discriminator:
                    propertyName: kind
                    mapping:
                      ready: '#/components/schemas/Ready'
                      running: {oneOf: [{$ref: '#/components/schemas/Slow'}], discriminator: {propertyName: speed, mapping: {slow: '#/components/schemas/Slow'}}}
                more: {type: object, additionalProperties: {type: integer}}
                either: {anyOf: [{type: string}, {type: boolean}]}
            Both:
              type: object
              properties:
                stem: {type: string, enum: [vocals, drum]}
                fixed: {type: string, const: one}
            Ready: {type: object, properties: {at: {type: integer}}}
            Slow: {type: object, properties: {why: {type: string}}}
            Fast: {type: object, properties: {how: {type: string}}}
            Bad: {type: object, properties: {detail: {type: string}}}
            Worse: {type: object, properties: {detail: {type: string}, code: {type: string}}}
            Lonely: {type: object, required: [x], properties: {x: {type: string}}}

        """;

    public static string With(string before, string after) => Text.Contains(before, StringComparison.Ordinal)
        ? Text.Replace(before, after, StringComparison.Ordinal)
        : throw new ArgumentException($"The contract has no `{before}` to change.", nameof(before));
}
