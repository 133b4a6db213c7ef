#!/usr/bin/env bash
# Mutation testing of src/LalalAi, file by file, with the tests of the same area. A folder takes about an hour.
# A stopped run continues with the first file that has changed since its report, or has none. To test a file again, delete its report.
#
#   tests/evidence/mutations.sh Polling
#   tests/evidence/mutations.sh Models/TaskTrack.cs
#   tests/evidence/mutations.sh Polling --concurrency 1    # further options of Stryker
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../tests/LalalAi.Tests"

[ -e "../../src/LalalAi/${1:-}" ] && [ -n "${1:-}" ] || { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
path=$1
shift

dotnet tool restore > /dev/null
echo "| file | score | killed | timed out | survived | not covered | duration |"
echo "|---|---|---|---|---|---|---|"
reports=()
while read -r source; do
  file=${source#../../src/LalalAi/}
  output=StrykerOutput/${file%.cs}
  report=$output/reports/mutation-report.json
  start=$SECONDS
  if [ ! "$report" -nt "$source" ]; then
    tests="TestCategory!=Slow&(FullyQualifiedName~LalalAi.Tests.${file%%/*}|FullyQualifiedName~LalalAi.Tests.EndToEnd)"
    mkdir -p "$output"
    dotnet stryker --mutate "$file" --test-case-filter "$tests" --output "$output" "$@" < /dev/null > "$output/log" 2>&1 \
      || { tail -20 "$output/log" >&2; exit 1; }
    # Stryker writes no report if there is nothing to mutate.
    [ -e "$report" ] || { mkdir -p "${report%/*}" && echo '{"files":{}}' > "$report"; }
  fi
  reports+=("$report")
  jq -r --arg file "$file" --arg duration "$((SECONDS - start)) s" '
    ["Killed", "Timeout", "Survived", "NoCoverage"] as $statuses
    | [.files[].mutants[].status] as $all
    | [$statuses[] as $status | $all | map(select(. == $status)) | length] as $counts
    | ($counts | add) as $sum
    | if $sum == 0 then "none" else "\(($counts[0] + $counts[1]) * 100 / $sum | round)%" end
    | "| \($file) | \(.) | \($counts | map(tostring) | join(" | ")) | \($duration) |"' "$report"
done < <(find "../../src/LalalAi/$path" -name '*.cs' | sort)

echo
jq -r '.files | to_entries[] | .key as $file | .value.mutants[] | select(.status == "Survived" or .status == "NoCoverage")
  | "\($file):\(.location.start.line): \(.mutatorName): \(.replacement)"' "${reports[@]}"
