#!/usr/bin/env bash
# Breaks one promise at a time, in a copy of the repository, and expects the named test to fail. Prints a table.
#
#   tests/evidence/breaks.sh            # all
#   tests/evidence/breaks.sh resume     # those whose promise contains a word
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

wanted=${1:-}
copy=$(mktemp -d)
trap 'git worktree remove --force "$copy/work" 2>/dev/null; rm -rf "$copy"' EXIT
git worktree add --quiet --detach "$copy/work" HEAD || exit 2
cd "$copy/work"

client=tests/LalalAi.Tests
sandbox=tests/LalalAi.Sandbox.Tests
cli=tests/LalalAi.Cli.Tests
generated=tests/LalalAi.Generated.Tests
cluster=tests/LalalAi.Orleans.Tests
total=0
survived=0

# expect_red PROMISE PROJECT TEST FILE BEFORE AFTER
expect_red() {
  local promise=$1 project=$2 test=$3 file=$4 before=$5 after=$6 verdict first
  [[ $promise == *"$wanted"* ]] || return 0
  total=$((total + 1))
  if ! BEFORE=$before AFTER=$after perl -0pi -e 'BEGIN { $b = quotemeta $ENV{BEFORE}; $a = $ENV{AFTER} } $n += s/$b/$a/; END { exit($n ? 0 : 1) }' "$file"; then
    verdict="NOT APPLIED"
  elif ! dotnet build "$project" -v q --nologo -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false > "$copy/build" 2>&1; then
    verdict="NOT COMPILED"
  else
    timeout 300 dotnet test "$project" --no-build --filter "$test" > "$copy/test" 2>&1
    case $? in
      0) verdict="SURVIVED" ;;
      124) verdict="red (hangs)" ;;
      *) first=$(grep -m1 -E "^ +Failed " "$copy/test" | sed -E 's/^ +Failed ([^[(]+).*/\1/') && verdict="red: $first" || verdict="NO TEST RAN" ;;
    esac
  fi

  [[ $verdict == red* ]] || survived=$((survived + 1))
  echo "| $promise | ${file#src/} | $verdict |"
  git checkout --quiet -- .
}

echo "| promise | broken in | result |"
echo "|---|---|---|"

expect_red "one idempotency key for all attempts of a start" $client Each_fault_is_retried src/LalalAi/Tasks/TaskStarter.cs \
  'return kind.StartAsync(raw, start, attempt);' 'return kind.StartAsync(raw, start with { IdempotencyKey = Guid.NewGuid() }, attempt);'
expect_red "a lost answer is an exception with the key" $client Each_fault_is_retried src/LalalAi/Tasks/TaskStarter.cs \
  'catch (Exception exception) when (attempts.MayHaveStarted(exception))' 'catch (Exception exception) when (attempts.MayHaveStarted(exception) && key == default)'
expect_red "the checkpoint is stored before the paid call" $client ProcessJobTests src/LalalAi/Processing/ProcessJob.cs \
  'await SaveAsync(checkpoint => checkpoint with { IdempotencyKey = key }, cancellationToken).ConfigureAwait(false);' ''
expect_red "a resumed job downloads no finished track again" $client ProcessJobTests src/LalalAi/Processing/ProcessJob.cs \
  '&& known.Label == track.Label) is { } finished
            && IsOnDisk(finished))' '&& known.Label == track.Label) is { Index: < 0 } finished)'
expect_red "30 checks in any 60 seconds" $client Polling src/LalalAi/Polling/CheckBudget.cs \
  'timeProvider.GetElapsedTime(_granted.Peek()) >= Window' 'timeProvider.GetElapsedTime(_granted.Peek()) >= Window / 2'
expect_red "200 tasks in a check" $client Polling src/LalalAi/Polling/TaskStateQuery.cs \
  'MaximumIds = 200' 'MaximumIds = 100'
expect_red "a slow upload is not a stalled one" $client Uploads src/LalalAi/Uploads/UploadStream.cs \
  'meter.Add(read);
            timeout.Touch();' 'meter.Add(read);'
expect_red "an upload is retried from its start" $client Uploads src/LalalAi/Uploads/FileUploader.cs \
  'content.Stream.Position = content.Start;' 'content.Stream.Position += 0;'
expect_red "a download resumes where it broke" $client ResumedDownloadTests src/LalalAi/Downloads/TrackReader.cs \
  'request.Headers.Range = new RangeHeaderValue(Position, null);' ''
expect_red "a resumed download is the same version of the track" $client ResumedDownloadTests src/LalalAi/Downloads/TrackReader.cs \
  'request.Headers.IfRange = EntityTag is { } validator && !_isEndUnproven ? new RangeConditionHeaderValue(validator) : null;' ''
expect_red "a file has its name only when it is complete" $client Downloads src/LalalAi/Downloads/TrackReader.cs \
  'if (position < _bodyEnd)' 'if (position < 0)'
expect_red "the size that the task reported is verified" $client Downloads src/LalalAi/Downloads/TrackReader.cs \
  'total != size' 'total < 0'
expect_red "an expired link is renewed" $client DownloadLinkTests src/LalalAi/Downloads/TrackReader.cs \
  'case 403 or 404 or 410:' 'case 410:'
expect_red "no paid start is lost, whatever fails" $client StartPropertyTests src/LalalAi/Tasks/StartAttempts.cs \
  '_isInFlight || WasAmbiguous' 'WasAmbiguous'
expect_red "an unknown failure does not end waits" $client OutageTests src/LalalAi/Polling/CheckLoop.cs \
  'Pause(exception);
        }
        finally' 'if (exception is InvalidOperationException) { Change(() => _tasks.EndAll(exception)); return; } Pause(exception);
        }
        finally'
expect_red "a dead attempt does not read the content" $client UploadFaultTests src/LalalAi/Uploads/FileUploader.cs \
  'await body.CloseAsync().ConfigureAwait(false);' ''
expect_red "417 is answered without the expectation" $client UploadFaultTests src/LalalAi/Uploads/FileUploader.cs \
  '&& !_isExpectationRejected' '&& _isExpectationRejected'
expect_red "numbers in any form are read" $client UploadFaultTests src/LalalAi.Generated/Json/LenientNumberConverter.cs \
  "text?.Trim().TrimEnd('%')" '(string?)null'
expect_red "a body without a length proves its end" $client DownloadLengthTests src/LalalAi/Downloads/TrackReader.cs \
  '_bodyEnd is null && !Head!.HasVisibleEnd' 'false'
expect_red "a certificate that is not valid is not retried" $client ConnectionFailureTests src/LalalAi/Downloads/TrackReader.cs \
  ' || failure is LalalAiConnectionException { IsPermanent: true }' ''
expect_red "a part proves that it is of the same track" $client ResumedDownloadTests src/LalalAi/Downloads/TrackReader.cs \
  '&& (!_isIdentified || IsSameContent(head));' '&& true;'
expect_red "only flushed bytes are trusted" $client PartFileTests src/LalalAi/Downloads/PartFile.cs \
  'content.SetLength(Math.Min(content.Length, record.Flushed));' ''
expect_red "a part is locked until it has its name" $client PartFileTests src/LalalAi/Downloads/PartFile.cs \
  'if (overwrite)
        {
            AtomicMove' '_recordFile.Dispose(); _content.Dispose();
        if (overwrite)
        {
            AtomicMove'
expect_red "a body that stalls fails" $client StalledDownloadTests src/LalalAi/Downloads/ResponseBody.cs \
  'var token = StartTimeout(cancellationToken);' 'var token = cancellationToken;'
expect_red "tracks are known by their position" $client ProcessJobTests src/LalalAi/Processing/ProcessJob.cs \
  'known.Index != index), entry]' 'known.Label != track.Label), entry]'
expect_red "a folder is checked before the upload" $client ProcessJobTests src/LalalAi/Processing/ProcessJob.cs \
  '_destination.Prepare();' ''
expect_red "an answer has the ID of its request" $client TelemetryPageTests src/LalalAi/Telemetry/LalalAiTelemetry.cs \
  'SetRequestId(activity, ids.FirstOrDefault());' ''
expect_red "no name leaves its folder" $client Downloads src/LalalAi/Downloads/Naming/SafeFileName.cs \
  "name.Substring(name.LastIndexOfAny(['/', '\\\\']) + 1)" 'name'
expect_red "the key goes to the API's own origin only" $client Security src/LalalAi/Http/LicenseKeyHandler.cs \
  'credential is null || request.RequestUri is not { } uri || !credential.IsFor(uri)' 'credential is null || request.RequestUri is not { } uri'
expect_red "the key is not kept in requests" $client Security src/LalalAi/Http/LicenseKeyHandler.cs \
  '// The request outlives the call in exceptions and diagnostics; the key must not.
            request.Headers.Remove(HeaderName);' ''
expect_red "loopback is never reached through a proxy" $client Security src/LalalAi/Http/LoopbackBypass.cs \
  '!destination.IsLoopback
        && Proxy' 'Proxy'
expect_red "new values of the service are read" $client Models src/LalalAi/Models/UnionReader.cs \
  'return Unknown();' 'throw new InvalidOperationException();'
expect_red "options that are not set are not sent" $generated RequestTests build/templates/Class.liquid \
  'Newtonsoft.Json.NullValueHandling.Ignore' 'Newtonsoft.Json.NullValueHandling.Include'
expect_red "the table of errors: 429" $client Each_fault_is_retried src/LalalAi/Exceptions/ApiErrors.cs \
  '{ StatusCode: 429 }' '{ StatusCode: 430 }'
expect_red "the table of retries: 408" $client Each_fault_is_retried src/LalalAi/Exceptions/ApiErrors.cs \
  'StatusCode: 408 or 429 or >= 500' 'StatusCode: 429 or >= 500'
expect_red "a delay that is asked for is at most 5 minutes" $client RetryDelayTests src/LalalAi/Exceptions/RetryAfter.cs \
  'TimeSpan.FromMinutes(5)' 'TimeSpan.FromMinutes(6)'
expect_red "the table of telemetry: error.type" $client Telemetry src/LalalAi/Telemetry/LalalAiTelemetry.cs \
  '"ambiguous_start"' '"ambiguous"'
expect_red "the sandbox counts what was paid twice" $sandbox UsageTests src/LalalAi.Sandbox/Usage/UsageRecord.cs \
  'counted.StartsRepeated + (repeated ? 1 : 0)' 'counted.StartsRepeated'
expect_red "the sandbox limits checks" $sandbox CheckTests src/LalalAi.Sandbox/State/CheckWindow.cs \
  'return false;' 'return true;'
expect_red "exit codes: a plan that does not cover a task" $cli ErrorTests src/LalalAi.Cli/Failure.cs \
  'LalalAiQuotaException quota => new(Cli.ExitCode.Plan' 'LalalAiQuotaException quota => new(Cli.ExitCode.Failure'
expect_red "a conflict sends nothing" $cluster A_conflict_before_the_start src/LalalAi.Orleans/Storage/StoredValue.cs \
  'if (_state.State?.Json != json)' 'if (_state.State?.Json == "")'
expect_red "a cluster that has forgotten a job does not pay again" $cluster A_storage_that_has_forgotten src/LalalAi.Orleans/Jobs/JobGrain.cs \
  '_options.License, _name.Key,' '$"{Guid.NewGuid()}", _name.Key,'
expect_red "the ID of a task beats lost" $cluster The_ID_of_a_task src/LalalAi.Orleans/Jobs/JobHost.cs \
  'checkpoint.TaskId is not null && IsWithoutTask' 'checkpoint.TaskId is null && IsWithoutTask'
expect_red "a catalog spends no more than its minutes" $cluster MaxMinutes_is_never src/LalalAi.Orleans/Catalogs/CatalogGrain.cs \
  'if (_record.Minutes + minutes > limit)' 'if (_record.Minutes + minutes > limit * 2)'
expect_red "the budget counts each request of a cluster once" $cluster A_limiter_that_throws src/LalalAi.Orleans/LalalAiClusterClientBuilderExtensions.cs \
  'options.CheckRateLimiter = SharedChecks.NoLimit;' ''
expect_red "no recording from a private address" $cluster A_private_address_of src/LalalAi.Orleans/Files/HttpSources.cs \
  '!IsPrivate(address) ||' 'address != null ||'
expect_red "no recording through a link out of the folder" $cluster A_source_outside src/LalalAi.Orleans/Files/SharedFiles.cs \
  'entry.Exists && entry.Resolve' 'false && entry.Resolve'

echo
echo "$((total - survived)) of $total breaks turned a test red"
[ $survived -eq 0 ]
