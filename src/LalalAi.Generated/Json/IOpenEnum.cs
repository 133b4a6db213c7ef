namespace LalalAi;

/// <summary>A string of which the contract lists some values and the service may use others.</summary>
public interface IOpenEnum
{
    /// <summary>The value as it appears in JSON.</summary>
    string Value { get; }
}
