namespace LalalAi.Sandbox;

/// <summary>What a sandbox does with content that it cannot decode.</summary>
public enum UndecodableContent
{
    /// <summary>Tasks on it fail with an error that says why, and cost nothing. The upload itself is answered with a duration of 0.</summary>
    Fail,

    /// <summary>
    /// Tasks on it succeed, and each track is the unchanged content. It is taken to last one second per 16,000 bytes. For tests that upload dummy bytes.
    /// </summary>
    PassThrough,
}
