using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Probing;

/// <summary>Reads what a check or a cancellation says about a task.</summary>
internal static class TaskAnswers
{
    public static JObject? Find(ProbeAnswer answer, string task) =>
        answer.IsSuccess ? (answer.Json["result"] as JObject)?[task] as JObject : null;

    public static Observation<TaskAnswer> Read(ProbeAnswer answer, string task) => answer.Status switch
    {
        400 => TaskAnswer.BadRequest,
        403 => TaskAnswer.Forbidden,
        404 => TaskAnswer.NotFound,
        422 => TaskAnswer.UnprocessableEntity,
        _ when !answer.IsSuccess => $"The check was answered with {answer}.",
        _ => (string?)Find(answer, task)?["status"] switch
        {
            null => TaskAnswer.LeftOut,
            "server_error" => TaskAnswer.ServerError,
            _ => TaskAnswer.Reported,
        },
    };
}
