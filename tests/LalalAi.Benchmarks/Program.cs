using BenchmarkDotNet.Running;
using LalalAi.Benchmarks.Scenarios;

if (args is ["scenarios", .. var names])
{
    return await ScenarioRun.RunAsync(names);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
