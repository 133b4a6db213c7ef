#!/usr/bin/env bash
# Mutation testing of one folder of src/LalalAi, with the tests of the same area. A folder takes about an hour.
#
#   tests/evidence/mutations.sh Polling
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=${1:?"Usage: mutations.sh FOLDER, a folder of src/LalalAi such as Polling, Downloads, Processing or Models"}
[ -d "src/LalalAi/$folder" ] || { echo "src/LalalAi/$folder does not exist." >&2; exit 2; }

dotnet tool restore
cd tests/LalalAi.Tests
dotnet stryker \
  --mutate "$folder/**/*.cs" \
  --test-case-filter "TestCategory!=Slow&(FullyQualifiedName~LalalAi.Tests.$folder|FullyQualifiedName~LalalAi.Tests.EndToEnd)" \
  --output "StrykerOutput/$folder"
