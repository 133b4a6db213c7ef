#!/usr/bin/env bash
# How long 1, 2 and 4 silos on one machine take for a catalog, against one process with the command line. The sandbox finishes tasks at
# once, so what is measured are uploads, starts, checks and downloads. Each line ends with the CPU time of the processes and of the sandbox.
#
#   tests/evidence/throughput.sh          # 500 songs of a second each
#   tests/evidence/throughput.sh 100
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

songs=${1:-500}
work=$(mktemp -d)
sandbox=
stop() {
  [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

dotnet build -c Release -v q --nologo samples/Cluster > /dev/null
dotnet build -c Release -v q --nologo src/LalalAi.Cli > /dev/null
cluster=samples/Cluster/bin/Release/net10.0/Cluster.dll
cli=src/LalalAi.Cli/bin/Release/net10.0/LalalAi.Cli.dll

# measure NAME COMMAND...: runs a command against a new sandbox.
measure() {
  local name=$1
  shift
  dotnet "$cli" sandbox --port 0 --speed 1000000 --json > "$work/sandbox" &
  sandbox=$!
  until grep -q base_url "$work/sandbox"; do sleep 0.1; done
  export LALALAI_BASE_URL LALALAI_LICENSE_KEY
  LALALAI_BASE_URL=$(sed -nE 's/.*"base_url": *"([^"]+)".*/\1/p' "$work/sandbox")
  LALALAI_LICENSE_KEY=$(sed -nE 's/.*"license_key": *"([^"]+)".*/\1/p' "$work/sandbox")
  export LalalAi__BaseAddress=$LALALAI_BASE_URL LalalAi__LicenseKey=$LALALAI_LICENSE_KEY
  TIMEFORMAT='%R %U %S'
  { time "$@" > "$work/out" 2>&1; } 2> "$work/time" || { tail -5 "$work/out"; return 1; }
  local ticks
  ticks=$(awk '{ print $14 + $15 }' "/proc/$sandbox/stat")
  awk -v name="$name" -v songs="$songs" -v ticks="$ticks" -v hertz="$(getconf CLK_TCK)" \
    '{ printf "| %s | %.0f s | %.0f songs a minute | %.0f s | %.0f s |\n", name, $1, songs / $1 * 60, $2 + $3, ticks / hertz }' "$work/time"
  kill "$sandbox"
  wait "$sandbox" 2>/dev/null || true
  sandbox=
}

echo "$songs songs, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
echo "| | duration | throughput | CPU | CPU of the sandbox |"
echo "|---|---|---|---|---|"
port=$((20000 + RANDOM % 10000))
for silos in 1 2 4; do
  measure "$silos silos" dotnet "$cluster" --Songs="$songs" --Silos="$silos" --Port="$port" --Folder="$work/silos-$silos"
  port=$((port + 20))
done
measure "the command line" dotnet "$cli" split "$work/silos-1/songs" -o "$work/tracks" --stem vocals -q
