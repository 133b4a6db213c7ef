namespace LalalAi.Sandbox.Audio;

/// <summary>A file cannot be decoded or encoded. The message contains the reason.</summary>
internal sealed class MediaException(string message, Exception? inner = null) : Exception(message, inner);
