namespace LalalAi.Sandbox;

/// <summary>The response to a check of a task that the service does not know, or no longer knows.</summary>
public enum MissingTaskResponse
{
    /// <summary>The task has the status <c>server_error</c>.</summary>
    ServerError,

    /// <summary>The response does not contain the task.</summary>
    Omitted,

    /// <summary>The whole check fails with HTTP 400.</summary>
    BadRequest,

    /// <summary>The whole check fails with HTTP 403.</summary>
    Forbidden,

    /// <summary>The whole check fails with HTTP 404.</summary>
    NotFound,

    /// <summary>The whole check fails with HTTP 422.</summary>
    UnprocessableEntity,

    /// <summary>The task is reported as before.</summary>
    Reported,
}
