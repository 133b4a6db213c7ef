using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LalalAi.Sandbox.Http;

/// <summary>Responses to requests that do not reach their operation.</summary>
internal static class FaultResponse
{
    public static IResult Create(Fault fault, string operation)
    {
        var status = (int)(fault.Number ?? StatusCodes.Status502BadGateway);
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        if (fault.Kind == FaultKind.Html)
        {
            var page = $"<html>\r\n<head><title>{status} {phrase}</title></head>\r\n"
                + $"<body>\r\n<center><h1>{status} {phrase}</h1></center>\r\n</body>\r\n</html>\r\n";
            return Results.Text(page, "text/html", statusCode: status);
        }

        return operation == FaultScope.Download
            ? Results.Text(fault.Detail ?? phrase, statusCode: status)
            : Refuse(status, fault, phrase);
    }

    // With the service's text, if there is one.
    private static ApiResponse Refuse(int status, Fault fault, string phrase) => status switch
    {
        _ when fault.Detail is null && fault.Code is null && status == StatusCodes.Status403Forbidden => ErrorResponses.NoLicenseKey,
        StatusCodes.Status422UnprocessableEntity => ErrorResponses.Unprocessable(
            new Contract.ValidationDetail(["body"], fault.Detail ?? phrase, fault.Code ?? "value_error")),
        _ => ErrorResponses.Refused(status, new Refusal(fault.Detail ?? phrase, fault.Code)),
    };
}
