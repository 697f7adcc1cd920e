#!/usr/bin/env bash
# Fuzzes the manifest's reader with libFuzzer, from swift's own toolchain.
#
#   Tests/Fuzz/run.sh [--seconds N] [--jobs N] [--work FOLDER]
#
# The corpus is made anew at each start from the tests' golden texts and the shipped manifests; what
# the fuzzer adds stays in the work folder (.build/fuzz) and is used again. A crash, an input that
# takes more than 5 seconds, and more than 1 GB of memory are failures: the script ends with 1 and
# the input lies in the work folder. No module of the package is built for it, so the normal build
# notices nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=60
jobs=1
work=.build/fuzz
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --work) work=$2; shift 2 ;;
    *) echo "unknown option: $1" >&2; exit 64 ;;
  esac
done
mkdir -p "$work/corpus" "$work/failures" "$work/build"

# 1. The modules that the reader needs, each with coverage, then the target with libFuzzer's main.
flags=(
  -O -swift-version 6 -package-name civsync -parse-as-library -sanitize=fuzzer
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility
  -enable-upcoming-feature NonisolatedNonsendingByDefault
  -I "$work/build" -I Sources/CYAML
)
module() {
  swiftc "${flags[@]}" -wmo -c -module-name "$1" -emit-module \
    -emit-module-path "$work/build/$1.swiftmodule" -o "$work/build/$1.o" \
    $(find "Sources/$1" -name '*.swift')
}
for name in Core Diagnostics YAMLSource ManifestModel; do module "$name"; done
swiftc "${flags[@]}" -module-name FuzzManifest -o "$work/fuzz-manifest" \
  Tests/Fuzz/FuzzManifest.swift "$work"/build/{Core,Diagnostics,YAMLSource,ManifestModel}.o \
  $(pkg-config --libs yaml-0.1)

# 2. The seeds: every text of the golden tests, every shipped manifest, and some of several files.
python3 Tests/Fuzz/seeds.py "$work/corpus"

# 3. The run.
echo "fuzzing for $seconds seconds; corpus: $(ls "$work/corpus" | wc -l) inputs" >&2
"$work/fuzz-manifest" "$work/corpus" -dict=Tests/Fuzz/manifest.dict \
  -artifact_prefix="$work/failures/" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
  -max_len=16384 -fork="$((jobs > 1 ? jobs : 0))" -print_final_stats=1
echo "no crash, no hang, no more than 1 GB" >&2
