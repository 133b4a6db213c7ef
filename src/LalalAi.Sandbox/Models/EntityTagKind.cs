namespace LalalAi.Sandbox;

/// <summary>The <c>ETag</c> of a download.</summary>
public enum EntityTagKind
{
    /// <summary>A strong tag, which identifies the bytes.</summary>
    Strong,

    /// <summary>A weak tag, which a client cannot use to resume.</summary>
    Weak,

    /// <summary>No <c>ETag</c> is sent.</summary>
    None,
}
