using LalalAi.Sandbox;

namespace Samples.Tests;

/// <summary>Runs samples as processes against a sandbox.</summary>
internal static class SampleProcess
{
    public static TestProcess Start(string name, SandboxServer sandbox, params string[] arguments)
    {
        // From its own output: beside the tests, it would lack what their shared framework brings.
        var output = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        var program = Path.Combine(output.FullName, "../../../..", name, "bin", output.Parent!.Name, output.Name, name + ".dll");
        var environment = new Dictionary<string, string>
        {
            ["LALALAI_BASE_URL"] = sandbox.BaseAddress.ToString(),
            ["LalalAi__BaseAddress"] = sandbox.BaseAddress.ToString(),
            ["LALALAI_LICENSE_KEY"] = sandbox.LicenseKey,
            ["LalalAi__LicenseKey"] = sandbox.LicenseKey,
            // The sandbox splits songs at once; the wait for the next check would be most of a test.
            ["LalalAi__PollingInterval"] = "00:00:00.1",
        };
        return TestProcess.StartAssembly(program, arguments, environment, mergesErrors: true);
    }
}
