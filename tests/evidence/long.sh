#!/usr/bin/env bash
# What takes too long for every pull request: each series of the suite with larger numbers.
#
#   tests/evidence/long.sh kills     # kills both workers at 50 random requests
#   tests/evidence/long.sh soak      # 10 minutes of random faults on every connection, with a random seed
#   tests/evidence/long.sh upload    # uploads 10 GB
#   tests/evidence/long.sh all
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

run() { dotnet test "$@" --logger "console;verbosity=normal"; }
kills() { LALALAI_KILLS=${LALALAI_KILLS:-50} run samples/Samples.Tests --filter killed_repeatedly; }
soak() {
  LALALAI_SOAK_MINUTES=${LALALAI_SOAK_MINUTES:-10} LALALAI_SOAK_SEED=${LALALAI_SOAK_SEED:-$RANDOM} \
    run tests/LalalAi.FaultTests --filter SoakTests
}
upload() { LALALAI_LARGE_TESTS=true run tests/LalalAi.Tests --filter LargeUpload; }

case ${1:-} in
  kills | soak | upload) "$1" ;;
  all) kills; soak; upload ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
