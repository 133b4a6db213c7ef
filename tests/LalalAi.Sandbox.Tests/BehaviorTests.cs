using System.Net;
using System.Net.Sockets;

namespace LalalAi.Sandbox.Tests;

/// <summary>Files that describe the service's behavior. RoundTripTests test their effect on the sandbox.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class BehaviorTests
{
    [Test]
    public void Load_reads_facts_and_takes_null_and_what_is_missing_for_unknown()
    {
        var behavior = Load("""
            { "version": 1, "service": "https://www.lalal.ai/", "facts": { "link_entity_tag": "weak", "sources_expire": null, "unknown_task": "omitted" } }
            """);

        Assert.That(
            behavior, Is.EqualTo(new SandboxBehavior { LinkEntityTag = EntityTagKind.Weak, UnknownTask = MissingTaskResponse.Omitted }));
    }

    [TestCase("", "not a JSON object")]
    [TestCase("[]", "not a JSON object")]
    [TestCase("""{ "version": """, "not a JSON object (line 1")]
    [TestCase("""{ "facts": {} }""", "no valid version")]
    [TestCase("""{ "version": "1", "facts": {} }""", "no valid version")]
    [TestCase("""{ "version": 0, "facts": {} }""", "no valid version")]
    [TestCase("""{ "version": 2, "facts": { "new_fact": 1 } }""", "Update the sandbox")]
    [TestCase("""{ "version": 1 }""", "no facts")]
    [TestCase("""{ "version": 1, "facts": 1 }""", "no facts")]
    [TestCase("""{ "version": 1, "facts": { "link_entity_tag": "strange" } }""", "link_entity_tag")]
    [TestCase("""{ "version": 1, "facts": { "link_entity_tag": 1 } }""", "link_entity_tag")]
    [TestCase("""{ "version": 1, "facts": { "link_entity_tags": "weak" } }""", "link_entity_tags")]
    [TestCase("""{ "version": 1, "facts": { "sources_expire": "maybe" } }""", "sources_expire")]
    [TestCase("""{ "version": 1, "facts": { "charged_seconds": 0 } }""", "from 1 to 3600")]
    [TestCase("""{ "version": 1, "facts": { "unknown_task": "reported" } }""", "never existed")]
    public void Load_names_the_file_and_what_is_wrong_with_it(string text, string reason) =>
        Assert.That(() => Load(text), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(reason).And.Message.Contains(".json'"));

    [Test]
    public void Load_throws_if_the_file_does_not_exist() =>
        Assert.That(() => SandboxBehavior.Load("nowhere.json"), Throws.InstanceOf<FileNotFoundException>());

    [Test]
    public void Options_reject_a_behavior_that_cannot_be() => Assert.That(
        async () => await SandboxServer.StartAsync(
            new SandboxOptions { Behavior = new SandboxBehavior { UnknownTask = MissingTaskResponse.Reported } }),
        Throws.ArgumentException);

    [Test]
    public void Port_in_use_is_named_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.That(
            async () => await SandboxServer.StartAsync(new SandboxOptions { Port = port }),
            Throws.InstanceOf<IOException>().With.Message.Contains($"Port {port} is in use by another program. Stop that program, or"));
    }

    [Test]
    public void Address_of_another_machine_is_named() => Assert.That(
        async () => await SandboxServer.StartAsync(new SandboxOptions { ListenAddress = IPAddress.Parse("192.0.2.1") }),
        Throws.InstanceOf<IOException>().With.Message.Contains("The address 192.0.2.1 does not belong to this machine."));

    private static SandboxBehavior Load(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, text);
        try
        {
            return SandboxBehavior.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
