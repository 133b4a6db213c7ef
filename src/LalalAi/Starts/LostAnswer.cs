namespace LalalAi.Starts;

/// <summary>Remembers over the attempts of one start whether one of them may have gone through without its answer coming back.</summary>
internal sealed class LostAnswer
{
    private bool _isUnderWay;

    /// <summary>The failure of the last such attempt.</summary>
    public Exception? Failure { get; private set; }

    public bool Any => Failure is not null;

    /// <summary>Notes that an attempt is sent.</summary>
    public void Begin() => _isUnderWay = true;

    /// <summary>Notes a failure before the repetition, which keeps the key and may therefore always be sent.</summary>
    public bool Note(Exception failure)
    {
        _isUnderWay = false;
        if (ApiErrors.IsAmbiguous(failure))
        {
            Failure = failure;
        }

        return true;
    }

    /// <summary>Whether something may run after the call was cancelled.</summary>
    public bool MayHaveStarted() => _isUnderWay || Any;

    /// <summary>
    /// Whether something may run after the failure that a call ended with. A repetition that is refused, say for want of minutes or for too many requests, says nothing of the attempt before
    /// it; only a malformed request was so every time.
    /// </summary>
    public bool MayHaveStarted(Exception last) => ApiErrors.IsAmbiguous(last) || (Any && last is LalalAiApiException and not LalalAiValidationException);
}
