#!/usr/bin/env bash
# Installs the programs that some tests need, and builds. Chromium comes from Playwright, because Ubuntu offers it as a snap only.
set -euo pipefail
sudo apt-get update
sudo apt-get install -y ffmpeg redis-server
dotnet build
pwsh tests/LalalAi.Sandbox.BrowserTests/bin/Debug/net10.0/playwright.ps1 install --with-deps chromium
