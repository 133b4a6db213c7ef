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
  failed=$(grep -E "^ +Failed " "$work/log" | sort -u)
  echo "run $run: exit code $code, $((SECONDS - start)) s, $(grep -c "^Passed!" "$work/log") projects passed"
  if [ $code -ne 0 ]; then
    red=$((red + 1))
    echo "${failed:-$(tail -5 "$work/log")}"
    cp "$work/log" "${TMPDIR:-/tmp}/repeat-$$-$run.log"
    echo "  log: ${TMPDIR:-/tmp}/repeat-$$-$run.log"
  fi
done

echo "$red of $times runs failed"
[ $red -eq 0 ]
