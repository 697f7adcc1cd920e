#!/usr/bin/env bash
# Start-up, and a plan and a status with nothing to do over some 1,300 placed files, beside `find`.
# By hand, on a quiet machine; needs hyperfine. Prints a table for Docs/Benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=Tests/setup.sh
. Tests/setup.sh
install_build_tools
command -v hyperfine >/dev/null || { say_error "hyperfine is missing: apt-get install hyperfine"; exit 1; }

for product in civsync civitai-sandbox; do
  swift build -c release --static-swift-stdlib --product "$product" >&2
done
tools=$(swift build -c release --static-swift-stdlib --show-bin-path)
scratch=$(mktemp -d)
sandbox_pid=""
trap '[ -z "$sandbox_pid" ] || kill "$sandbox_pid"; rm -rf "$scratch"' EXIT
cd "$scratch"

"$tools/civitai-sandbox" --models 1400 --scale 0.02 --ready-file ready >/dev/null 2>&1 &
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
    versions: all
    scan: allow-danger
YAML
"$tools/civsync" apply --yes >/dev/null
echo "files: $(find models -type f | wc -l)"
hyperfine -N --warmup 3 --runs 30 --export-markdown table.md \
  "$tools/civsync --version" "$tools/civsync plan" "$tools/civsync status" "find models -type f" \
  >/dev/null
sed "s|$tools/||" table.md
