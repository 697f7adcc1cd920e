#!/usr/bin/env bash
# Fuzzes what reads texts from outside with libFuzzer, from swift's own toolchain.
#
#   Tests/Fuzz/run.sh [manifest|answers] [--seconds N] [--jobs N] [--work FOLDER]
#
# manifest: YAML, layers and decoder of the manifest; answers: every decoder of the catalogue's answers.
# The corpus is made anew at each start from the tests' texts and the shipped manifests; what the fuzzer
# adds stays in the work folder (.build/fuzz/TARGET) and is used again. A crash, an input that takes more
# than 5 seconds, and more than 1 GB of memory are failures: the script ends with 1 and the input lies in
# the work folder. No module of the package is built for it, so the normal build notices nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=60
jobs=1
target=manifest
work=
while [ $# -gt 0 ]; do
  case "$1" in
    manifest|answers) target=$1; shift ;;
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --work) work=$2; shift 2 ;;
    *) echo "unknown option: $1" >&2; exit 64 ;;
  esac
done
case "$target" in
  manifest)
    modules=(Core Diagnostics YAMLSource ManifestModel) source=FuzzManifest
    headers=(CYAML) libraries=(yaml-0.1) ;;
  answers)
    modules=(Core CatalogueModel Transfer Civitai) source=FuzzAnswers
    headers=(CCurl) libraries=(libcurl) ;;
esac
work=${work:-.build/fuzz/$target}
mkdir -p "$work/corpus" "$work/failures" "$work/build"

# 1. The modules that the reader needs, each with coverage, then the target with libFuzzer's main.
flags=(
  -O -swift-version 6 -package-name civsync -parse-as-library -sanitize=fuzzer
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility
  -enable-upcoming-feature NonisolatedNonsendingByDefault
  -I "$work/build" "${headers[@]/#/-ISources/}"
)
module() {
  swiftc "${flags[@]}" -wmo -c -module-name "$1" -emit-module \
    -emit-module-path "$work/build/$1.swiftmodule" -o "$work/build/$1.o" \
    $(find "Sources/$1" -name '*.swift')
}
for name in "${modules[@]}"; do module "$name"; done
objects=("${modules[@]/#/$work/build/}")
swiftc "${flags[@]}" -module-name "$source" -o "$work/fuzz" "Tests/Fuzz/$source.swift" \
  "${objects[@]/%/.o}" $(pkg-config --libs "${libraries[@]}")

# 2. The seeds: the texts of the tests and, for manifests, those that are shipped.
python3 "Tests/Fuzz/$target-seeds.py" "$work/corpus"

# 3. The run.
echo "fuzzing for $seconds seconds; corpus: $(ls "$work/corpus" | wc -l) inputs" >&2
"$work/fuzz" "$work/corpus" -dict="Tests/Fuzz/$target.dict" \
  -artifact_prefix="$work/failures/" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
  -max_len=16384 -fork="$((jobs > 1 ? jobs : 0))" -print_final_stats=1
echo "no crash, no hang, no more than 1 GB" >&2
