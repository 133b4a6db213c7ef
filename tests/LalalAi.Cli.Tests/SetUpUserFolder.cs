using LalalAi.Cli.Connection;

namespace LalalAi.Cli.Tests;

/// <summary>Keeps the tests out of the folders of the user who runs them.</summary>
[SetUpFixture]
public sealed class SetUpUserFolder
{
    public static string Directory { get; private set; } = null!;

    [OneTimeSetUp]
    public void Use_a_temporary_folder()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("lalalai-home").FullName;
        Environment.SetEnvironmentVariable(UserFolder.Variable, Directory);
    }

    [OneTimeTearDown]
    public void Remove_it() => System.IO.Directory.Delete(Directory, recursive: true);
}
