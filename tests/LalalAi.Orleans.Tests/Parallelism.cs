// Each test has a cluster and a sandbox of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
