#!/usr/bin/env bash
# Runs a test command again and again while every core, or the disk, is busy, and names each test that failed.
#
#   tests/evidence/repeat.sh 10                              # README's test command, ten times
#   tests/evidence/repeat.sh 10 dotnet test tests/LalalAi.Tests --no-build
#   LOAD=disk tests/evidence/repeat.sh 1                     # LOAD is cores (by default), disk or none
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

times=${1:?"Usage: repeat.sh TIMES [COMMAND...]"}
shift
[ $# -gt 0 ] || set -- dotnet test --no-build

work=$(mktemp -d)
load=()
stop() {
  [ ${#load[@]} -eq 0 ] || kill "${load[@]}" 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

case ${LOAD:-cores} in
  cores)
    for _ in $(seq "$(getconf _NPROCESSORS_ONLN)"); do
      (while :; do :; done) &
      load+=($!)
    done
    ;;
  disk)
    (while :; do dd if=/dev/zero of="$work/load" bs=1M count=256 conv=fsync status=none; done) &
    load+=($!)
    ;;
  none) ;;
  *) echo "LOAD is '$LOAD'. Use cores, disk or none." >&2; exit 2 ;;
esac

red=0
for run in $(seq "$times"); do
  start=$SECONDS
  "$@" > "$work/log" 2>&1
  code=$?
  echo "run $run: exit code $code, $((SECONDS - start)) s, $(grep -c "^Passed!" "$work/log") projects passed"
  if [ $code -ne 0 ]; then
    red=$((red + 1))
    log=${TMPDIR:-/tmp}/repeat-$$-$run.log
    cp "$work/log" "$log"
    # A run that ends without the name of a test was aborted: the end of its log says why.
    sed -nE 's/^ +Failed (.+) \[.*\]$/  \1/p' "$log" | sort -u > "$work/names"
    [ -s "$work/names" ] || tail -5 "$log" > "$work/names"
    tee -a "$work/failures" < "$work/names"
    echo "  log: $log"
  fi
done

echo "$red of $times runs failed"
[ $red -eq 0 ] || sort "$work/failures" | uniq -c | sort -rn
[ $red -eq 0 ]
