using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>Failures of jobs: each message contains what to do next, and each exit code is the documented one.</summary>
public sealed class ErrorTests : ServiceFixture
{
    private const string Nowhere = "nowhere.mp3";

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return new TestCaseData(new[] { "split", Nowhere }, 2, "Check the path");
        yield return new TestCaseData(new[] { "split", "EMPTY" }, 2, "add --recursive");
        yield return new TestCaseData(new[] { "split", "EMPTY/*.wav" }, 2, "Quotes around it keep the shell from replacing it.");
        yield return new TestCaseData(new[] { "split", "SONG", "-o", "SONG/out" }, 2, "Choose another one with -o");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "vocls" }, 2, "Did you mean 'vocals'?");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "wind", "--splitter", "lynx" }, 2, "phoenix only");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "drum", "--multivocal" }, 2, "vocals");
        yield return new TestCaseData(new[] { "split", "SONG", "--splitter", "auto" }, 2, "Available: andromeda");
        yield return new TestCaseData(new[] { "split", "SONG", "--format", "wma" }, 2, "Available: mp3");
        yield return new TestCaseData(new[] { "split", "SONG", "--uploads", "0" }, 2, "from 1 to 16");
        yield return new TestCaseData(new[] { "split", "SONG", "--in-flight", "5000" }, 2, "from 1 to 1000");
        yield return new TestCaseData(new[] { "split", "SONG", "--max-minutes", "-1" }, 2, "from 0 to");
        yield return new TestCaseData(new[] { "split", "SONG", "--max-minutes", "Infinity" }, 2, "--max-minutes is 'Infinity'; it must be a number from 0 to 1,000,000,000.");
        yield return new TestCaseData(new[] { "split", "SONG", "--max-minutes", "NaN" }, 2, "--max-minutes is 'NaN'");
        yield return new TestCaseData(new[] { "split", "SONG", "--max-minutes", "1e300" }, 2, "from 0 to 1,000,000,000");
        yield return new TestCaseData(new[] { "mcp", "--ask-above", "Infinity" }, 2, "from 0 to 1,000,000,000");
        yield return new TestCaseData(new[] { "mcp", "--max-minutes", "-Infinity" }, 2, "from 0 to 1,000,000,000");
        yield return new TestCaseData(new[] { "voice", "SONG", "--voice", "VETRANA", "--accent", "NaN" }, 2, "from 0 to 1.");
        yield return new TestCaseData(new[] { "sandbox", "--speed", "1e-300" }, 2, "--speed is '1e-300'; it must be a number from 0.001 to 1,000,000,000.");
        yield return new TestCaseData(new[] { "sandbox", "--speed", "Infinity" }, 2, "from 0.001");
        yield return new TestCaseData(new[] { "sandbox", "--minutes", "Infinity" }, 2, "from 0 to 1,000,000,000");
        yield return new TestCaseData(new[] { "split", "SONG", "--max-minutes", "abc" }, 2, "--max-minutes is 'abc'");
        yield return new TestCaseData(new[] { "split", "SONG", "--license-key", "abc" }, 2, "Unknown option '--license-key'");
        yield return new TestCaseData(new[] { "split", "SONG", "--stam", "vocals" }, 2, "Did you mean '--stem'?");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "vocals,drum" }, 2, "lalalai multistem --stems vocals,drum");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem" }, 2, "--stem needs a value");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "guitar" }, 2, "'electric_guitar' or 'acoustic_guitar'?");
        yield return new TestCaseData(new[] { "split", "SONG", "-stem", "drum" }, 2, "Did you mean '--stem'?");
        yield return new TestCaseData(new[] { "split", "SONG", "-output", "SONG" }, 2, "Did you mean '--output'?");
        yield return new TestCaseData(new[] { "split", "SONG", "--stem", "--format", "wav" }, 2, "--stem needs a value");
        yield return new TestCaseData(new[] { "split", "SONG", "--output-template", "{name}.{ext}" }, 2, "does not contain {stem}");
        yield return new TestCaseData(new[] { "split" }, 2, "No recordings given");
        yield return new TestCaseData(new[] { "split", "" }, 2, "A path is empty");
        yield return new TestCaseData(new[] { "split", "SONG", "-o", "" }, 2, "--output is empty. Check the variable or the quotes that its value comes from.");
        yield return new TestCaseData(new[] { "doctor", "-o", "" }, 2, "--output is empty");
        yield return new TestCaseData(new[] { "mcp", "--allow", "" }, 2, "--allow is empty");
        yield return new TestCaseData(new[] { "split", "SONG", "--exclude", "" }, 2, "--exclude is empty");
        yield return new TestCaseData(new[] { "spilt", "SONG" }, 2, "Did you mean 'split'?");
        yield return new TestCaseData(new[] { "status", "--from" }, 2, "--from needs a value");
        yield return new TestCaseData(new[] { "split", "SONG", "--license-key-file", Nowhere }, 2, "cannot be read");
        yield return new TestCaseData(new[] { "multistem", "SONG" }, 2, "`lalalai multistem --help`");
        yield return new TestCaseData(new[] { "multistem", "SONG", "--stems", "vocals,vocals" }, 2, "more than once");
        yield return new TestCaseData(new[] { "multistem", "SONG", "--stems", "wind" }, 2, "cannot be separated together");
        yield return new TestCaseData(new[] { "clean", "SONG", "--noise-cancelling", "loud" }, 2, "mild, normal, aggressive");
        yield return new TestCaseData(new[] { "voice", "SONG" }, 2, "--voice is required");
        yield return new TestCaseData(new[] { "voice", "SONG", "--voice", "unknown" }, 2, "'Sandbox Alto'");
        yield return new TestCaseData(new[] { "voice", "SONG", "--voice", "VETRANA", "--accent", "2" }, 2, "from 0 to 1");
        yield return new TestCaseData(new[] { "resume", "EMPTY" }, 2, "as its -o did");
        yield return new TestCaseData(new[] { "status" }, 2, "--from DIR");
        yield return new TestCaseData(new[] { "cancel" }, 2, "--from DIR");
        yield return new TestCaseData(new[] { "cancel", "--all" }, 2, "--yes");
        yield return new TestCaseData(new[] { "delete" }, 2, "--from DIR");
        yield return new TestCaseData(new[] { "delete", "song.wav" }, 2, "source_id");
    }

    [TestCaseSource(nameof(Mistakes))]
    public async Task Usage_error_is_explained_and_costs_nothing(string[] arguments, int exitCode, string advice)
    {
        var empty = Directory.CreateDirectory(Path.Combine(Root, "empty")).FullName;

        var run = await StartAsync(
            [
                .. arguments
                    .Select(each => each.Replace("SONG", Song, StringComparison.Ordinal).Replace("EMPTY", empty, StringComparison.Ordinal)),
                .. arguments[0] is "split" && !arguments.Contains("-o") ? new[] { "-o", Output } : [],
            ]);

        Assert.That((run.ExitCode, run.Data), Is.EqualTo((exitCode, string.Empty)), run.Messages);
        Assert.That(run.Messages, Does.Contain(advice));
        Assert.That(await MinutesLeftAsync(), Is.EqualTo(600));
        Assert.That(Directory.Exists(Output) && Directory.EnumerateFileSystemEntries(Output).Any(), Is.False, "Nothing is left behind.");
    }

    [Test]
    public async Task File_that_the_plan_does_not_cover_ends_the_run_with_3()
    {
        Sandbox.Faults.Add("status=400;code=exceeded_size;on=upload");

        var run = await RunAsync("split", "--json");

        Assert.That(run.ExitCode, Is.EqualTo(3), run.Messages);
        Assert.That((string?)run.Events("file_failed").Single()["code"], Is.EqualTo("exceeded_size"));
    }

    [Test]
    public async Task Run_without_minutes_ends_with_4_and_keeps_what_was_uploaded()
    {
        await UseAsync(new SandboxOptions { Speed = double.PositiveInfinity, MinutesPerLicense = 2 / 60.0 });
        SongFolder.Write(Path.Combine(Root, "songs"), 5);

        var run = await StartAsync("split", Path.Combine(Root, "songs"), "-o", Output, "--json", "--in-flight", "1");

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
        Assert.That(run.Events("finished"), Has.Count.EqualTo(2));
        Assert.That((int)run.Events("summary").Single()["not_started"]!, Is.EqualTo(3));
        Assert.That(run.Messages, Does.Contain("Buy minutes and run the same command again"));
    }

    [Test]
    public async Task Cap_includes_earlier_runs_of_the_folder()
    {
        SongFolder.Write(Path.Combine(Root, "songs"), 5);
        string[] command = ["split", Path.Combine(Root, "songs"), "-o", Output, "--max-minutes", "0.04"];

        var first = await StartAsync(command);
        var second = await StartAsync(command);
        var raised = await StartAsync([.. command[..^1], "1"]);

        Assert.That((first.ExitCode, second.ExitCode, raised.ExitCode), Is.EqualTo((4, 4, 0)), raised.Messages);
        Assert.That(first.Messages, Does.Contain("Raise the limit to continue"));
        Assert.That(first.Lines, Has.Count.EqualTo(4), "Two songs of a second each are within the cap.");
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(5 / 60.0).Within(0.001));
    }

    [Test]
    public async Task A_cap_of_minus_zero_is_zero()
    {
        var run = await RunAsync("split", "--max-minutes", "-0");

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
        Assert.That(run.Messages, Does.Not.Contain("-0"));
        Assert.That((double)JournalFile.Entries(Output, "run").Single()["max_minutes"]!, Is.Zero.And.Matches<double>(double.IsPositive));
    }

    [Test]
    public async Task A_key_that_is_revoked_ends_the_run_with_3()
    {
        await UseAsync(new SandboxOptions { LicenseKeys = ["another"] });
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "secret-0815";

        var run = await RunAsync("split", "--json");

        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Messages, Does.Contain("`lalalai doctor` shows where the key comes from"));
        Assert.That(run.Messages + run.Data, Does.Not.Contain("0815"));
    }

    [Test]
    public async Task The_key_can_be_read_from_a_file()
    {
        Variables.Remove(LalalAiClientOptions.LicenseKeyVariable);
        var file = Path.Combine(Root, "key.txt");
        File.WriteAllText(file, Sandbox.LicenseKey + "\n");

        var run = await StartAsync("minutes", "--license-key-file", file);

        Assert.That((run.ExitCode, run.Data.Trim()), Is.EqualTo((0, "600")), run.Messages);
    }

    [Test]
    public async Task A_file_that_fails_does_not_stop_the_others()
    {
        var songs = Path.Combine(Root, "songs");
        SongFolder.Write(songs, 3);
        File.WriteAllBytes(Path.Combine(songs, "empty.wav"), []);

        var run = await StartAsync("split", songs, "-o", Output, "--json");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(run.Events("finished"), Has.Count.EqualTo(3));
        Assert.That((string?)run.Events("file_failed").Single()["file"], Does.EndWith("empty.wav"));
    }
}
