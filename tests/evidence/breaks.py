#!/usr/bin/env python3
"""Breaks one promise at a time, in a copy of the last commit, and expects a test to fail. Prints a table.

    tests/evidence/breaks.py                    all
    tests/evidence/breaks.py resume checks      those whose promise contains one of the words, or whose project has that name
    tests/evidence/breaks.py --dry-run          only whether each piece of code is still there

A break replaces a piece of code, wherever it is below a folder. Any white space in it stands for any other.
"""
import argparse, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, threading
from typing import NamedTuple

# In seconds. A break may make a test hang.
TIMEOUT = 600

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Part(NamedTuple):
    """Code, the project that compiles it, and the project that tests it."""

    folder: str
    source: str
    tests: str


class Break(NamedTuple):
    promise: str
    part: Part
    tests: str
    before: str
    after: str


CLIENT = Part("src/LalalAi", "LalalAi", "LalalAi.Tests")
CLIENT_JSON = Part("src/LalalAi.Generated", "LalalAi.Generated", "LalalAi.Tests")
GENERATOR = Part("build/templates", "LalalAi.Generated", "LalalAi.Generated.Tests")
SANDBOX = Part("src/LalalAi.Sandbox", "LalalAi.Sandbox", "LalalAi.Sandbox.Tests")
CLI = Part("src/LalalAi.Cli", "LalalAi.Cli", "LalalAi.Cli.Tests")
AGENTS = Part("src/LalalAi.AI", "LalalAi.AI", "LalalAi.AI.Tests")
AGENTS_IN_CLI = Part("src/LalalAi.AI", "LalalAi.AI", "LalalAi.Cli.Tests")
PAGE = Part("src/LalalAi.Sandbox", "LalalAi.Sandbox", "LalalAi.Sandbox.BrowserTests")
CLUSTER = Part("src/LalalAi.Orleans", "LalalAi.Orleans", "LalalAi.Orleans.Tests")

BREAKS = [
    Break("one idempotency key for all attempts of a start", CLIENT, "Each_fault_is_retried",
        "await kind.StartAsync(raw, start, attempt)",
        "await kind.StartAsync(raw, start with { IdempotencyKey = Guid.NewGuid() }, attempt)"),
    Break("a lost answer is an exception with the key", CLIENT, "Each_fault_is_retried",
        "when (attempts.MayHaveStarted(exception)) { throw new LalalAiAmbiguousStartException(",
        "when (attempts.MayHaveStarted(exception) && key == default) { throw new LalalAiAmbiguousStartException("),
    Break("the checkpoint is stored before the paid call", CLIENT, "ProcessJobTests",
        "await SaveAsync(checkpoint => checkpoint with { IdempotencyKey = key, Tracks = [], IsDone = false }, cancellationToken) "
        ".ConfigureAwait(false);",
        ""),
    Break("a resumed job downloads no finished track again", CLIENT, "ProcessJobTests",
        "&& known.Label == track.Label) is { } finished && IsOnDisk(finished))",
        "&& known.Label == track.Label) is { Index: < 0 } finished)"),
    Break("30 checks in any 60 seconds", CLIENT, "CheckBudgetTests",
        "timeProvider.GetElapsedTime(_granted.Peek()) >= Window",
        "timeProvider.GetElapsedTime(_granted.Peek()) >= Window / 2"),
    Break("200 tasks in a check", CLIENT, "CheckPaceTests",
        "MaximumIds = 200",
        "MaximumIds = 100"),
    Break("one check answers many callers", CLIENT, "CheckTests",
        "now - task!.LatestAt <= maxAge",
        "false"),
    Break("a slow upload is not a stalled one", CLIENT, "UploadStreamTests",
        "meter.Add(read); timeout.Touch();",
        "meter.Add(read);"),
    Break("an upload that stalls fails", CLIENT, "UploadAsync_throws_after_the_inactivity_timeout_if_the_content_stalls",
        "_expired.Cancel();",
        ""),
    Break("an upload is retried from its start", CLIENT, "Uploads",
        "content.Stream.Position = content.Start;",
        "content.Stream.Position += 0;"),
    Break("a download resumes where it broke", CLIENT, "ResumedDownloadTests",
        "request.Headers.Range = new RangeHeaderValue(Position, null);",
        ""),
    Break("a resumed download is the same version of the track", CLIENT, "ResumedDownloadTests",
        "request.Headers.IfRange = isContinued ? new RangeConditionHeaderValue(EntityTag!) : null;",
        ""),
    Break("a file has its name only when it is complete", CLIENT, "Downloads",
        "if (Position < end)",
        "if (Position < 0)"),
    Break("the size that the task reported is verified", CLIENT, "Downloads",
        "total != size",
        "total < 0"),
    Break("an expired link is renewed", CLIENT, "DownloadLinkTests",
        "case 403 or 404 or 410:",
        "case 410:"),
    Break("no paid start is lost after any failure", CLIENT, "StartPropertyTests",
        "_isInFlight || WasAmbiguous",
        "WasAmbiguous"),
    Break("an unknown failure does not end waits", CLIENT, "An_outage_is_logged_and_measured_once",
        "catch (Exception exception) { Pause(batch, exception); }",
        "catch (Exception exception) when (exception is not InvalidOperationException) { Pause(batch, exception); }"),
    Break("a dead attempt does not read the content", CLIENT, "UploadFaultTests",
        "await body.CloseAsync().ConfigureAwait(false);",
        ""),
    Break("417 is answered without the expectation", CLIENT, "UploadFaultTests",
        "&& !_isExpectationRejected",
        "&& _isExpectationRejected"),
    Break("numbers in any form are read", CLIENT_JSON, "UploadFaultTests",
        "text?.Trim().TrimEnd('%')",
        "(string?)null"),
    Break("a body without a length proves its end", CLIENT, "DownloadLengthTests",
        "if (end is null && !Head.HasVisibleEnd)",
        "if (false)"),
    Break("a certificate that is not valid is not retried", CLIENT, "ConnectionFailureTests",
        " || failure is LalalAiConnectionException { IsPermanent: true }",
        ""),
    Break("a part proves that it is of the same track", CLIENT, "ResumedDownloadTests",
        "&& (!HasContent || IsSameContent(head));",
        ";"),
    Break("only flushed bytes are trusted", CLIENT, "PartFileTests",
        "content.SetLength(Math.Min(content.Length, record.Flushed));",
        ""),
    Break("a part is locked until it has its name", CLIENT, "PartFileTests",
        "if (overwrite) { AtomicMove",
        "_recordFile.Dispose(); _content.Dispose(); if (overwrite) { AtomicMove"),
    Break("a body that stalls fails", CLIENT, "DownloadAsync_resumes_after_a_stall",
        "return await _content.ReadAsync(buffer, timeout.Token)",
        "return await _content.ReadAsync(buffer, cancellationToken)"),
    Break("tracks are known by their position", CLIENT, "ProcessJobTests",
        "known.Index != index), entry]",
        "known.Label != track.Label), entry]"),
    Break("a folder is checked before the upload", CLIENT, "ProcessJobTests",
        "_destination.Prepare();",
        ""),
    Break("an answer has the ID of its request", CLIENT, "TelemetryPageTests",
        "SetRequestId(activity, ids.FirstOrDefault());",
        ""),
    Break("no name leaves its folder", CLIENT, "Downloads",
        r"""name.Substring(name.LastIndexOfAny(['/', '\\']) + 1)""",
        "name"),
    Break("the key goes to the API's own origin only", CLIENT, "Security",
        "credential is null || request.RequestUri is not { } uri || !credential.IsFor(uri)",
        "credential is null || request.RequestUri is not { } uri"),
    Break("a redirect does not take the key along", CLIENT, "Security",
        "Set(copy, AllowAutoRedirect, true, false);",
        ""),
    Break("the key is not kept in requests", CLIENT, "Security",
        "must not keep the key. request.Headers.Remove(HeaderName);",
        ""),
    Break("loopback is never reached through a proxy", CLIENT, "Security",
        "!destination.IsLoopback && Proxy",
        "Proxy"),
    Break("new values of the service are read", CLIENT, "Models",
        "return Unknown();",
        "throw new InvalidOperationException();"),
    Break("the table of errors: 401 and 403", CLIENT, "Each_fault_is_retried",
        "{ StatusCode: 401 or 403 }",
        "{ StatusCode: 401 }"),
    Break("the table of errors: 422", CLIENT, "Each_fault_is_retried",
        "{ StatusCode: 422 }",
        "{ StatusCode: 423 }"),
    Break("the table of errors: a plan that does not cover the request", CLIENT, "LalalAi.Tests.Http",
        r'"exceeded_size", "max_duration", BatchNotAvailable]',
        r'"max_duration", BatchNotAvailable]'),
    Break("a response that does not come from the API is retried", CLIENT, "Each_fault_is_retried",
        "LalalAiApiException { Error.IsFromService: false } => true,",
        "LalalAiApiException { Error.IsFromService: false } => false,"),
    Break("the table of retries: SendAsync retries nothing by default", CLIENT, "CallOptionsTests",
        "callOptions.MaxRetries, call) { Check",
        "_options.MaxRetries, call) { Check"),
    Break("a job above its MaxMinutes starts nothing", CLIENT, "ProcessJobTests",
        "!(source.EstimateMinutes(_checkpoint.Presets) <= maximum)",
        "source.EstimateMinutes(_checkpoint.Presets) > maximum"),
    Break("the source is deleted once every track is on disk", CLIENT, "ProcessJobTests",
        "if (result.IsComplete)",
        "if (result is not null)"),
    Break("a failed lookup is retried three times", CLIENT, "WaitTests",
        "LookupRetries = 3",
        "LookupRetries = 2"),
    Break("a failed lookup of a known task is retried for 5 minutes", CLIENT, "WaitTests",
        "LookupPatience = TimeSpan.FromMinutes(5)",
        "LookupPatience = TimeSpan.FromMinutes(4)"),
    Break("a rejected check of a known task is a failed lookup", CLIENT, "ProcessJobTests",
        "&& IsKnownToExist(task))",
        "&& IsKnownToExist(task) && batch.Count > 1)"),
    Break("an upload without a response fails", CLIENT, "StalledUploadTests",
        "IsComplete = true; timeout.Touch(responseTimeout);",
        "IsComplete = true;"),
    Break("compressed content is not a track", CLIENT, "DownloadFailureTests",
        "ContentEncoding is { } encoding ?",
        "ContentEncoding is { } encoding && size < 0 ?"),
    Break("an existing file of the same size is skipped", CLIENT, "ExistingFileTests",
        "&& file.Length == size;",
        "&& file.Length == size + 1;"),
    Break("an existing file is not overwritten", CLIENT, "ExistingFileTests",
        "(ReplacesFiles || !AtomicMove.Exists(FullName))",
        "(ReplacesFiles || FullName.Length > 0)"),
    Break("options that are not set are not sent", GENERATOR, "RequestTests",
        "Newtonsoft.Json.NullValueHandling.Ignore",
        "Newtonsoft.Json.NullValueHandling.Include"),
    Break("the table of errors: 429", CLIENT, "Each_fault_is_retried",
        "{ StatusCode: 429 }",
        "{ StatusCode: 430 }"),
    Break("the table of retries: 408", CLIENT, "Each_fault_is_retried",
        "StatusCode: 408 or 429 or >= 500",
        "StatusCode: 429 or >= 500"),
    Break("a delay that is asked for is at most 5 minutes", CLIENT, "RetryDelayTests",
        "Maximum = TimeSpan.FromMinutes(5)",
        "Maximum = TimeSpan.FromMinutes(6)"),
    Break("the table of telemetry: error.type", CLIENT, "Telemetry",
        r'"ambiguous_start"',
        r'"ambiguous"'),
    Break("the sandbox counts what was paid twice", SANDBOX, "UsageTests",
        "counted.StartsRepeated + (repeated ? 1 : 0)",
        "counted.StartsRepeated"),
    Break("the sandbox limits checks", SANDBOX, "CheckTests",
        "if (_admitted.Count >= most) { return false; }",
        ""),
    Break("exit codes: a plan that does not cover a task", CLI, "ErrorTests",
        "LalalAiQuotaException quota => new(Failures.ExitCode.Plan",
        "LalalAiQuotaException quota => new(Failures.ExitCode.Failure"),
    Break("a run without the program of --exec is not started", CLI, "ExecTests",
        "if (!Exists(_command[0]))",
        "if (!Exists(_command[0]) && _command.Count == 0)"),
    Break("canceled tasks are not counted as not started", CLI, "Run_cancels_its_own",
        "_failures.Count - _canceled);",
        "_failures.Count);"),
    Break("a start is in the journal before it is sent", CLI, "ResumeTests",
        "yield return new StartingEntry(Record.Number, key, minutes, after.Source!, TimeProvider.System.GetUtcNow());",
        ""),
    Break("an agent cannot spend more than its budget", AGENTS, "SpendingTests",
        "_reserved[job] = minutes ?? 0;",
        ""),
    Break("a conflict sends nothing", CLUSTER, "A_conflict_before_the_start",
        "if (_state.State?.Json != json)",
        r'if (_state.State?.Json == "")'),
    Break("a cluster that has forgotten a job does not pay again", CLUSTER, "Storage_that_has_lost_everything",
        "_options.LicenseName, _name.Key,",
        r'$"{Guid.NewGuid()}", _name.Key,'),
    Break("the ID of a task beats lost", CLUSTER, "Job_with_a_task_ID",
        "checkpoint.TaskId is not null && IsWithoutTask",
        "checkpoint.TaskId is null && IsWithoutTask"),
    Break("a catalog spends no more than its minutes", CLUSTER, "MaxMinutes_is_never",
        "if (_record.Minutes + minutes > limit)",
        "if (_record.Minutes + minutes > limit * 2)"),
    Break("the budget counts each request of a cluster once", CLUSTER, "A_limiter_that_throws",
        "options.CheckRateLimiter = SharedChecks.NoLimit;",
        ""),
    Break("no recording from a private address", CLUSTER, "A_private_address_of",
        "!IsPrivate(address) ||",
        "address != null ||"),
    Break("no recording through a link out of the folder", CLUSTER, "A_source_outside",
        "entry.Exists && entry.Resolve",
        "false && entry.Resolve"),
    Break("a restart does not refill the budget", AGENTS, "Budget_of_a_folder",
        "Where(job => job.IsPaid)",
        "Where(job => job.IsPaid && job.Minutes < 0)"),
    Break("only allowed folders are read", AGENTS, "Files_outside_of_the_allowed",
        "_folders.Any(folder => RealPath.IsBelow(real, folder))",
        "true"),
    Break("only a yes starts a job", AGENTS, "A_declined_job_is_not_started",
        "else if (isApproved)",
        "else if (isApproved || run.State is not null)"),
    Break("a question that fails is a no", AGENTS, "A_question_that_fails",
        "A failed question counts as a rejection. return false;",
        "A failed question counts as a rejection. return true;"),
    Break("the same call is the same job", AGENTS, "Split_of_the_same_content",
        "if (isRunning || job is",
        "if (job is"),
    Break("what the schema does not list is refused", AGENTS, "Split_and_estimate_reject",
        "!known.Contains(name)",
        "!known.Contains(name) && name.Length > 99"),
    Break("the tracks stay in the output folder", AGENTS, "Tracks_never_leave",
        "!RealPath.IsBelow(",
        "false && !RealPath.IsBelow("),
    Break("standard output is nothing but protocol", CLI, "Server_lists_estimates",
        "Output.Say(\"The MCP",
        "Console.Out.WriteLine(\"ready\"); Output.Say(\"The MCP"),
    Break("three revisions of the protocol", CLI, "Server_lists_estimates",
        "ServerInfo = new",
        "ProtocolVersion = \"2025-11-25\", ServerInfo = new"),
    Break("requests are answered after the input is closed", CLI, "EndOfInputTests",
        "SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType), cancellationToken);",
        "IsConnected ? SendLineAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType), cancellationToken) : Task.CompletedTask;"),
    Break("instructions name only tools that are listed", CLI, "Instructions_name_only",
        "options.MaxMinutes is not null ? WithBudget",
        "options is not null ? WithBudget"),
    Break("the key is in no result", AGENTS_IN_CLI, "Names_of_files_and_texts",
        "secret.Length > 0",
        "secret.Length > 999"),
    Break("names are text, never markup", PAGE, "Name_with_markup_is_shown_as_text",
        "setText(link, task.source.name);",
        "link.innerHTML = task.source.name;"),
    Break("nothing is loaded from elsewhere", PAGE, "Page_blocks_inline_scripts",
        "; require-trusted-types-for 'script'; trusted-types 'none'",
        ""),
    Break("each track has its waveform", PAGE, "Each_track_has_its_own_waveform",
        "${this.key}/preview",
        "source/preview"),
    Break("solo silences the other tracks", PAGE, "Solo_leaves_only",
        "return this.tracks.some(each => each.solo) ? track.solo : !track.muted;",
        "return !track.muted;"),
    Break("all tracks share one position", PAGE, "All_tracks_share",
        "this.cursor.style.left = `${share * 100}%`;",
        "this.cursor.style.left = this.key === \"source\" ? \"0%\" : `${share * 100}%`;"),
    Break("a fault from the menus is sent", PAGE, "Fault_from_the_form_applies",
        "await post(\"faults\", { faults: this.text.value });",
        ""),
    Break("the clock moves", PAGE, "The_clock_moves",
        "await post(\"clock\", { advance: text })",
        "await read(\"clock\")"),
    Break("requests are filtered", PAGE, "Requests_are_filtered",
        "&& accepts(request)",
        ""),
    Break("it loads until the first data arrives", PAGE, "Views_show_that_they_load",
        "return this.usage !== null;",
        "return true;"),
    Break("real keys are cut", SANDBOX, "A_real_key_is_in_no_event",
        "MaskedKey.Of(_licenseKey)",
        "_licenseKey"),
    Break("other machines need the token", SANDBOX, "AccessTests",
        "isPublic || IsTrusted(request) ? null",
        "isPublic || request.Path.HasValue ? null"),
    Break("a command repeats the fault", SANDBOX, "Curl_command_repeats",
        "headers[FaultPlanRegistry.Header]",
        "(string?)null"),
    Break("a stored value is replaced only if it is the known one", CLUSTER, "A_conflict_before_the_start",
        "await storage.WriteStateAsync(name, grain, _state);",
        "try { await storage.WriteStateAsync(name, grain, _state); } catch (InconsistentStateException) {"
        " await storage.ReadStateAsync(name, grain, _state); _state.State = new StoredText { Json = json };"
        " await storage.WriteStateAsync(name, grain, _state); }"),
    Break("only a person gives a job a new key", CLUSTER, "A_lost_job_is_started_again",
        r'$"{record.Generation}");',
        '"1");'),
    Break("minutes are reserved before the start", CLUSTER, "MaxMinutes_is_never",
        "_record.Running[index] = minutes ?? 0;",
        ""),
    Break("a cluster checks every 2.1 seconds at most", CLIENT, "Polling",
        "PollingInterval { get; set; } = TimeSpan.FromSeconds(2.1);",
        "PollingInterval { get; set; } = TimeSpan.FromSeconds(0.1);"),
    Break("a job has five attempts", CLUSTER, "A_job_that_always_fails",
        "record.FailedAttempts >= _options.MaxAttempts",
        "record.FailedAttempts < 0"),
    Break("a failed task is final", CLUSTER, "A_task_that_fails",
        "LalalAiTaskException { State: TaskFailed or TaskCanceled } => JobFailure.Fail,",
        "LalalAiTaskException { State: TaskFailed or TaskCanceled } => JobFailure.Outage,"),
    Break("no recording from a host that is not allowed", CLUSTER, "A_host_that_is_not_allowed",
        "if (!_allowed.Contains(host.Trim('[', ']')))",
        "if (host.Length == 0)"),
    Break("the address is checked after the name was resolved", CLUSTER, "A_private_address_of",
        "ConnectCallback = ConnectAsync,",
        ""),
    Break("a job is placed where its recording is", CLUSTER, "A_job_is_placed",
        "return there.Count > 0 ? there : all;",
        "return all;"),
    Break("a job waits for its recording", CLUSTER, "A_job_waits_for_a_silo",
        r'The job waits for a silo there.", isFinal: false)',
        r'The job waits for a silo there.", isFinal: true)'),
    Break("a start that is rejected with 429 is retried", CLUSTER, "A_start_that_is_rejected",
        "StatusCode: 408 or 429 or >= 500",
        "StatusCode: 408 or >= 500"),
    Break("a silo sends four starts at a time", CLUSTER, "MaxConcurrentStarts_limits",
        "Places(options.Value.MaxConcurrentStarts)",
        "Places(1000)"),
    Break("reads of the storage are retried", CLUSTER, "WhenEachAsync_survives",
        "RetryAsync(ReadOnceAsync, cancellationToken)",
        "ReadOnceAsync()"),
]


class Survived(Exception):
    """A break that no test noticed, or that could not be tried."""


def apply(broken, root):
    """Changes the one file that contains the piece of code, and returns its path."""
    pattern = re.compile(r"\s+".join(map(re.escape, broken.before.split())))
    # What the build wrote is no source.
    files = (path for suffix in ("*.cs", "*.js", "*.liquid") for path in (root / broken.part.folder).rglob(suffix))
    found = [path for path in files if not {"obj", "bin"} & set(path.parts) and pattern.search(path.read_text())]
    if len(found) != 1:
        raise Survived(f"NOT APPLIED: the code is in {len(found)} files")
    found[0].write_text(pattern.sub(lambda _: broken.after, found[0].read_text()))
    return found[0].relative_to(root)


def build(root, project, *options):
    built = subprocess.run(["dotnet", "build", project, "--nologo", "-v:q", *options], cwd=root, capture_output=True, text=True)
    if built.returncode:
        raise Survived("NOT COMPILED: " + next((line for line in built.stdout.splitlines() if ": error " in line), built.stdout[-200:]))


def test(root, part, filters):
    """Runs tests that are built, and returns the names of those that failed."""
    expression = "|".join(f"FullyQualifiedName~{name}" for name in sorted(filters))
    command = ["dotnet", "test", output(root, part) / f"{part.tests}.dll", "--filter", expression]
    tested = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    limit = threading.Timer(TIMEOUT, lambda: os.killpg(tested.pid, signal.SIGKILL))
    limit.start()
    text = tested.communicate()[0]
    limit.cancel()
    failed = list(dict.fromkeys(re.findall(r"^ +Failed ([^\s(]+)", text, re.M)))
    if tested.returncode < 0:
        return failed or ["(hangs)"]
    if tested.returncode and not failed or "Passed!" not in text and not failed:
        raise Survived(f"NOT TESTED: {text[-200:]}")
    return failed


def output(root, part):
    return root / "tests" / part.tests / "bin/Debug/net10.0"


def check(broken, root):
    """Tests a break that was applied: only its assembly is compiled again, and it is put in the place of the one that was tested before."""
    part = broken.part
    tested = output(root, part) / f"{part.source}.dll"
    intact = tested.read_bytes()
    try:
        options = "--no-dependencies --no-restore -f net10.0 -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false".split()
        build(root, f"src/{part.source}", *options)
        shutil.copy(root / "src" / part.source / "bin/Debug/net10.0" / tested.name, tested)
        if not (failed := test(root, part, [broken.tests])):
            raise Survived("SURVIVED")
        return f"{len(failed)} red: {failed[0]}"
    finally:
        tested.write_bytes(intact)


def check_all(wanted, root, is_dry):
    for tests in [] if is_dry else dict.fromkeys(each.part.tests for each in wanted):
        # A break proves nothing if its tests fail without it.
        same = [each for each in wanted if each.part.tests == tests]
        build(root, f"tests/{tests}", "-p:RunAnalyzers=false")
        if failed := test(root, same[0].part, {each.tests for each in same}):
            sys.exit(f"Fails without a break: {', '.join(failed)}")
    red = 0
    print("| promise | broken in | result |\n|---|---|---|", flush=True)
    for broken in wanted:
        place = broken.part.folder
        try:
            place = apply(broken, root)
            result = "applies" if is_dry else check(broken, root)
            red += 1
        except Survived as survived:
            result = str(survived)
        print(f"| {broken.promise} | {place} | {result} |", flush=True)
        subprocess.run(["git", "checkout", "--quiet", "--", "."], cwd=root, check=True)
    print(f"\n{red} of {len(wanted)} breaks {'apply' if is_dry else 'turned a test red'}")
    return 0 if red == len(wanted) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--dry-run", action="store_true")
    arguments = parser.parse_args()
    words = set(arguments.words)
    wanted = [each for each in BREAKS if not words or words & {*each.promise.split(), each.part.source}]
    copy = pathlib.Path(tempfile.mkdtemp(prefix="breaks-")) / "copy"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", copy, "HEAD"], cwd=ROOT, check=True)
    try:
        return check_all(wanted, copy, arguments.dry_run)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", copy], cwd=ROOT)
        copy.parent.rmdir()


if __name__ == "__main__":
    sys.exit(main())
