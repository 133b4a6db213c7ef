using System.Text;
using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Documents;

/// <summary>Writes a file so that a reader sees the old content or the new one, never a part.</summary>
internal static class AtomicFile
{
    public static void Write(string path, string text) =>
        Write(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));

    public static void Write(string path, byte[] content)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContractException(
                "LC0008", $"The file cannot be written: {exception.Message}", new SourceLocation(path, 1, 1), exception);
        }
        finally
        {
            // A temporary file in a folder that could not be made does not exist, and deleting it would hide why.
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
