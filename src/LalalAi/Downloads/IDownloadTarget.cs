using System.Net.Http.Headers;

namespace LalalAi.Downloads;

/// <summary>Where the bytes of a track go.</summary>
internal interface IDownloadTarget
{
    /// <summary>The bytes that are there.</summary>
    long Length { get; }

    /// <summary>The bytes that there will be, when it is known.</summary>
    long? Total { get; }

    /// <summary>The strong entity tag of the file that the bytes belong to; without one they cannot be continued.</summary>
    EntityTagHeaderValue? Validator { get; }

    /// <summary>Whether the bytes that are there can be taken back.</summary>
    bool CanStartOver { get; }

    /// <summary>Prepares for a body: one that begins at zero replaces what is there, another continues it.</summary>
    /// <returns><see langword="false"/> when the body is not wanted, because the file is there.</returns>
    bool Begin(ResponseHead head);

    Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken);

    /// <summary>Takes back what is there.</summary>
    void Discard();
}
