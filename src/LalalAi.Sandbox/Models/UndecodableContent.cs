namespace LalalAi.Sandbox;

/// <summary>What a sandbox does with content that it cannot decode.</summary>
public enum UndecodableContent
{
    /// <summary>Tasks on it fail with an error that gives the reason, and cost nothing. The upload reports a duration of 0.</summary>
    Fail,

    /// <summary>
    /// Tasks on it succeed, and each track is the unchanged content. It counts as one second per 16,000 bytes. For tests that upload dummy
    /// bytes.
    /// </summary>
    PassThrough,
}
