namespace LalalAi.Sandbox;

/// <summary>How the checks of a minute are counted.</summary>
public enum CheckWindowKind
{
    /// <summary>The checks of the last 60 seconds count.</summary>
    Sliding,

    /// <summary>The count restarts every 60 seconds.</summary>
    Fixed,
}
