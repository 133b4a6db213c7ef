namespace LalalAi.Cluster.Tests.Processes;

/// <summary>The sample, as a newcomer runs it.</summary>
[Category("Slow")]
public sealed class SampleTests
{
    [Test]
    public async Task The_sample_runs_a_catalog_on_two_silos_with_nothing_installed()
    {
        var folder = Directory.CreateTempSubdirectory("lalalai-sample-");
        try
        {
            using var limit = new CancellationTokenSource(TestLimit.Time);
            await using var sample = TestProcess.StartAssembly(
                typeof(global::Cluster.ClusterSettings).Assembly.Location,
                ["--Songs=6", $"--Folder={folder.FullName}", $"--Port={ProcessCluster.FreePorts(4)}"]);
            await sample.ReadLineAsync("6 done, 0 failed, 0 lost", limit.Token);

            Assert.That(await sample.ReadLineAsync("starts", limit.Token), Does.StartWith("6 starts, 0 paid twice"));
            Assert.That(await sample.ExitAsync(limit.Token), Is.Zero);
            Assert.That(Directory.GetFiles(folder.FullName, "*.wav", SearchOption.AllDirectories), Has.Length.EqualTo(6 + 12));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
