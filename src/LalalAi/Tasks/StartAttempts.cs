using LalalAi.Generated;

namespace LalalAi.Tasks;

/// <summary>
/// Tracks whether an attempt of a start may have been executed. Only a rejection by the service proves that an attempt was
/// not. Any other failure after sending is ambiguous.
/// </summary>
internal sealed class StartAttempts
{
    private bool _isInFlight;

    /// <summary>Whether an attempt before the last one may have been executed.</summary>
    public bool WasAmbiguous { get; private set; }

    /// <summary>The failure for other JSON, for example of a gateway, which says nothing about the start.</summary>
    public static ApiException ForeignResponse() =>
        new("The response is not that of a start.", 200, null, new Dictionary<string, IEnumerable<string>>(), null);

    /// <summary>Records that an attempt is being sent.</summary>
    public void Begin() => _isInFlight = true;

    /// <summary>
    /// Records the failure of an attempt before its retry. The key stays the same, so a retry is always allowed.
    /// </summary>
    public bool NoteRetry(Exception failure)
    {
        WasAmbiguous |= !ErrorMapping.IsRefusal(failure);
        _isInFlight = false;
        return true;
    }

    /// <summary>
    /// Whether a task may be running after the call has failed. A rejected retry, for example for lack of minutes, proves nothing about the
    /// attempt before it; only a malformed request was malformed each time.
    /// </summary>
    public bool MayHaveStarted(Exception last) =>
        ErrorMapping.IsRefusal(last) ? WasAmbiguous && last is not LalalAiValidationException : _isInFlight || WasAmbiguous;
}
