#!/usr/bin/env bash
# Records the picture in README: an album that lalalai splits in the sandbox. Needs tmux and ffmpeg.
# Usage: build/recording/record.sh [PICTURE.svg]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
picture=$(realpath "${1:-docs/images/split.svg}")
columns=92 rows=14

dotnet build src/LalalAi.Cli -c Debug -v q --nologo
work=$(mktemp -d)
trap 'tmux -L lalalai-recording kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/songs/album" "$work/frames" "$work/bin" "$(dirname "$picture")"
printf '#!/bin/sh\nexec dotnet "%s" "$@"\n' "$PWD/src/LalalAi.Cli/bin/Debug/net10.0/LalalAi.Cli.dll" > "$work/bin/lalalai"
chmod +x "$work/bin/lalalai"
(cd "$work/songs" && "$work/bin/lalalai" demo > /dev/null 2>&1)
seconds=15
for name in '01 Intro' '02 Nightfall' '03 Paper Boats' '04 Long Way Home'; do
  ffmpeg -nostdin -v error -stream_loop -1 -i "$work/songs/lalalai-demo/demo-song.wav" -t "$seconds" "$work/songs/album/$name.mp3"
  seconds=$((seconds + 15))
done

tmux() { command tmux -L lalalai-recording "$@"; }
tmux -f /dev/null new-session -d -x "$columns" -y "$rows" "cd '$work/songs' && PATH='$work/bin:$PATH' PS1='\$ ' bash --norc"
tmux set-option -g status off
tmux set-option -g default-terminal tmux-256color
sleep 1
tmux send-keys 'clear' Enter
sleep 0.5
tmux send-keys 'lalalai split album --stem vocals --sandbox -o stems' Enter
start=$(date +%s%3N)
while :; do
  now=$(($(date +%s%3N) - start))
  tmux capture-pane -e -p > "$work/frames/$now"
  if grep -q '^Folder\|Folder  ' "$work/frames/$now" || [ "$now" -gt 60000 ]; then break; fi
  sleep 0.3
done
sleep 0.5
tmux capture-pane -e -p > "$work/frames/$(($(date +%s%3N) - start))"
dotnet run build/recording/frames-to-svg.cs -- "$work/frames" "$columns" "$rows" > "$picture"
echo "$picture"
