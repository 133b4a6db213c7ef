namespace LalalAi.Tests.Documentation;

/// <summary>The ready-made voices, which the contract names in the description of a property.</summary>
public sealed class VoicePackIdTests
{
    [Test]
    public void VoicePackIds_are_those_of_the_contract()
    {
        var contract = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "openapi", "lalalai.yml"));

        Assert.That(VoicePackIds.All, Has.All.Matches<string>(id => contract.Contains($"`{id}`", StringComparison.Ordinal)));
    }
}
