#!/usr/bin/env bash
# plan.sh [N]: a plan and a status with nothing to do over N placed files (20,000) of a few kB, beside
# `find`, `rclone sync --dry-run` and `dvc status`. By hand, on a quiet machine. Prints a table for
# Docs/Benchmarks.md: best and median of alternating runs, the ratio to `find`, and peak memory.
# CIVSYNC_TOOLS names a folder with both programs, else they are built.
set -euo pipefail
files=${1:-20000}
runs=${RUNS:-9}
cd "$(dirname "$0")/../.."
root=$PWD
if [ -n "${CIVSYNC_TOOLS:-}" ]; then
  tools=$CIVSYNC_TOOLS
else
  # shellcheck source=Tests/setup.sh
  . Tests/setup.sh
  install_build_tools
  for product in civsync civitai-sandbox; do
    swift build -c release --static-swift-stdlib --product "$product" >&2
  done
  tools=$(swift build -c release --static-swift-stdlib --show-bin-path)
fi
scratch=${CIVSYNC_SCRATCH:-$(mktemp -d)}
mkdir -p "$scratch"
sandbox_pid=""
cleanup() {
  [ -z "$sandbox_pid" ] || kill "$sandbox_pid"
  [ -n "${CIVSYNC_SCRATCH:-}" ] || rm -rf "$scratch"
}
trap cleanup EXIT
cd "$scratch"

# The files are placed by a real apply from the sandbox. CIVSYNC_SCRATCH keeps them for another time.
if [ ! -e civsync.lock ]; then
  "$tools/civitai-sandbox" --models $((files + 72)) --scale 0.01 --ready-file ready \
    >/dev/null 2>&1 &
  sandbox_pid=$!
  until [ -s ready ]; do sleep 0.1; done
  ready=$(cat ready)
  api=${ready#*api=}
  cat >civsync.yaml <<YAML
version: 1
root: ./models
source: { endpoints: ["${api%% *}"] }
collections:
  makers:
    users: [$(seq -s, -f 'maker_%g' 0 39)]
    scan: allow-danger
YAML
  "$tools/civsync" apply --yes >/dev/null
  kill "$sandbox_pid"
  sandbox_pid=""
fi
placed=$(find models -type f ! -name .civsync-root | wc -l)

commands=("$tools/civsync plan --offline" "$tools/civsync status" "find models -type f -size +0")
names=("civsync plan --offline" "civsync status" "find -size +0")
if command -v rclone >/dev/null; then
  [ -d copy ] || cp -a models copy
  commands+=("rclone sync --dry-run --config /dev/null models copy")
  names+=("rclone sync --dry-run")
else
  echo "rclone is missing (apt-get install rclone): its row is left out" >&2
fi
if [ -z "${NO_DVC:-}" ] && { [ -x venv/bin/dvc ] \
  || { python3 -m venv venv && venv/bin/pip -q install dvc; } >dvc.log 2>&1; }; then
  if [ ! -d dvc ]; then
    mkdir dvc && cp -a models dvc/models
    (cd dvc && ../venv/bin/dvc init -q --no-scm && ../venv/bin/dvc add -q models) >>dvc.log 2>&1
  fi
  commands+=("env -C dvc $scratch/venv/bin/dvc status -q")
  names+=("dvc status")
else
  echo "dvc is left out (NO_DVC is set, or see $scratch/dvc.log)" >&2
fi

measure=(python3 "$root/Tests/Benchmarks/measure.py" "$runs")
for index in "${!commands[@]}"; do measure+=("${names[$index]}" "${commands[$index]}"); done
echo "$placed placed files; best and median of $runs alternating runs"
"${measure[@]}"
echo "the whole way of a plan (the index deleted before each run):"
python3 "$root/Tests/Benchmarks/measure.py" "$runs" "civsync plan --offline, no index" \
  "rm -f .civsync/index.sqlite .civsync/index.sqlite-wal .civsync/index.sqlite-shm; exec $tools/civsync plan --offline"
