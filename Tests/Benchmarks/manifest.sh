#!/usr/bin/env bash
# How long a manifest of 2,000 lines with 50 mistakes takes to be told about, start-up included.
# Needs a release build: swift build -c release --product civsync
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${1:-.build/release/civsync}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
{
  printf 'version: 1\nroot: /models\ncollections:\n'
  for index in $(seq 0 199); do
    printf '  c%d:\n    models:\n' "$index"
    for model in 1 2 3 4 5 6 7; do printf '      - %d\n' $((index * 10 + model)); done
    if [ $((index % 4)) -eq 0 ]; then printf '    basemodels: [SDXL]\n'; else printf '    baseModels: [SDXL]\n'; fi
  done
} > "$folder/civsync.yaml"
for run in 1 2 3 4 5 6 7 8 9 10; do
  start=$(date +%s%N)
  "$binary" validate -f "$folder/civsync.yaml" > /dev/null 2> "$folder/errors" || true
  end=$(date +%s%N)
  echo "$(((end - start) / 1000)) µs, $(grep -c '^error' "$folder/errors") mistakes"
done | sort -n
