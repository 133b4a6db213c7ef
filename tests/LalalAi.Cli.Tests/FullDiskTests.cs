using System.Runtime.InteropServices;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>A disk that is full when the response to a start arrives: the task is paid for, and its ID must not be lost.</summary>
[Platform("Linux", Reason = "Only Linux has /dev/full.")]
public sealed class FullDiskTests : ServiceFixture
{
    private static readonly TimeSpan StartDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan CheckDelay = TimeSpan.FromHours(2);

    private TestClock _clock = null!;

    [SetUp]
    public async Task Use_a_clock()
    {
        _clock = new TestClock(DateTimeOffset.UtcNow);
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity, TimeProvider = _clock });
    }

    [Test]
    public async Task Task_whose_ID_cannot_be_written_at_first_is_finished()
    {
        Sandbox.Faults.Add(Fault.Delay(CheckDelay), on: SandboxOperation.Check);
        var running = StartWithDelayAsync();

        await _clock.DelayBeginsAsync(StartDelay);
        using var disk = new FullDisk(JournalFile.PathIn(Output));
        _clock.Advance(StartDelay);
        await Task.WhenAny(running, _clock.DelayBeginsAsync(CheckDelay));
        Assert.That(running.IsCompleted, Is.False, "The run waits for the check.");
        disk.Free();
        _clock.Advance(CheckDelay);
        var run = await running.SoonAsync();

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That((JournalFile.Entries(Output, "started").Count, JournalFile.Entries(Output, "done").Count), Is.EqualTo((1, 1)));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task Failure_contains_the_ID_of_a_task_that_cannot_be_written()
    {
        var running = StartWithDelayAsync();

        await _clock.DelayBeginsAsync(StartDelay);
        using var disk = new FullDisk(JournalFile.PathIn(Output));
        _clock.Advance(StartDelay);
        var run = await running.SoonAsync();

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That((string?)run.Events("file_failed").Single()["message"], Does.Match("^Its task [0-9a-f-]{36} was started"));
    }

    private Task<CommandRun> StartWithDelayAsync()
    {
        Sandbox.Faults.Add(Fault.Delay(StartDelay), on: SandboxOperation.Start);
        return RunAsync("split", "--json");
    }

    /// <summary>Fills the disk for one file that this process has open, until it is closed.</summary>
    private sealed class FullDisk : IDisposable
    {
        private readonly int _descriptor;
        private readonly int _file;

        public FullDisk(string path)
        {
            var link = Directory.EnumerateFileSystemEntries("/proc/self/fd").Single(link => new FileInfo(link).LinkTarget == path);
            _descriptor = int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture);
            _file = Duplicate(_descriptor);
            using var full = File.OpenHandle("/dev/full", access: FileAccess.ReadWrite, share: FileShare.ReadWrite);
            Assert.That(Replace((int)full.DangerousGetHandle(), _descriptor), Is.EqualTo(_descriptor));
        }

        /// <summary>Frees space. The file must still be open, because another one may have its descriptor later.</summary>
        public void Free() => Assert.That(Replace(_file, _descriptor), Is.EqualTo(_descriptor));

        public void Dispose() => Assert.That(Close(_file), Is.Zero);

        [DllImport("libc", EntryPoint = "dup")]
        private static extern int Duplicate(int descriptor);

        [DllImport("libc", EntryPoint = "dup2")]
        private static extern int Replace(int descriptor, int replaced);

        [DllImport("libc", EntryPoint = "close")]
        private static extern int Close(int descriptor);
    }
}
