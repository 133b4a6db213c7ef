namespace LalalAi.Contracts.Comparing;

/// <summary>Who writes a value: a new requirement breaks those who send it, a lost guarantee those who read it.</summary>
[Flags]
public enum Direction
{
    None = 0,
    Request = 1,
    Response = 2,

    /// <summary>Both; also what is assumed of a schema that no operation reaches, since code may use it either way.</summary>
    Both = Request | Response,
}
