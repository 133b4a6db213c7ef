#!/usr/bin/env bash
# Kills and stops silos as processes, and takes Redis away, with full numbers: 200 jobs, 20 kills. Needs redis-server. Takes about half an hour.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export LALALAI_JOBS=${LALALAI_JOBS:-200} LALALAI_KILLS=${LALALAI_KILLS:-20}
dotnet test tests/LalalAi.Orleans.Tests --filter Processes --logger "console;verbosity=detailed" | grep -E "jobs,|Passed|Failed|Error Message" -A2
