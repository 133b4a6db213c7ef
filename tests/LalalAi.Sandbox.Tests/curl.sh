#!/bin/sh
# Goes the whole way with curl alone: upload, split, check, download in two pieces, delete. Usage: curl.sh BASE-ADDRESS LICENSE-KEY SONG FOLDER
set -eu
base=$1 key=$2 song=$3 folder=$4

post() { curl --silent --show-error --fail --request POST --header "X-License-Key: $key" "$@"; }
json() { post --header 'Content-Type: application/json' --data "$2" "$base/api/v1/$1/"; }
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }

source=$(post --header 'Content-Disposition: attachment; filename=song.wav' --header 'Content-Type: application/octet-stream' --data-binary "@$song" "$base/api/v1/upload/" | field id)
task=$(json split/stem_separator "{\"source_id\": \"$source\", \"presets\": {\"stem\": \"vocals\"}}" | field task_id)
state=$(json check "{\"task_ids\": [\"$task\"]}")
link=$(printf '%s' "$state" | sed 's/.*"label":"vocals","url":"\([^"]*\)".*/\1/')

curl --silent --show-error --fail --range 0-999 --output "$folder/vocals.wav" "$link"
curl --silent --show-error --fail --continue-at - --output "$folder/vocals.wav" "$link"
json delete "{\"source_id\": \"$source\"}"
