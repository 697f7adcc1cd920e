#!/usr/bin/env bash
# Builds and runs the tests, then prints the line coverage of Sources/.
#
#   Tests/run.sh [arguments of `swift test`, such as --filter LayerTests]
#
# All tests together must cover 85 % of the lines; with arguments the figures are only shown.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=Tests/setup.sh
. Tests/setup.sh
wanted=85

install_build_tools
install_disk_tools

swift build --build-tests --enable-code-coverage
log=$(mktemp)
counters=$(mktemp -d)
trap 'rm -rf "$log" "$counters"' EXIT
# The counters are written and merged here, not by `swift test`: some tests kill a program at any
# moment, and what was killed while it wrote its counters leaves a file that cannot be read.
LLVM_PROFILE_FILE="$counters/%p.profraw" swift test --skip-build "$@" 2>&1 | tee "$log"
# A run without any test succeeds too, and shows nothing.
if ! summary=$(grep -oE 'Test run with [1-9][0-9]* tests? .*' "$log"); then
  say_error "no test was run"
  exit 1
fi

# llvm-cov must be the toolchain's own: the format of the counters is the compiler's.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
if [ ! -x "$tools/llvm-cov" ]; then
  tools=$(dirname "$(readlink -f "$(swiftly use --print-location 2>/dev/null)/usr/bin/swift")")
fi
if [ ! -x "$tools/llvm-cov" ]; then
  say_error "there is no llvm-cov beside the Swift compiler: the coverage cannot be told"
  exit 1
fi
find "$counters" -name '*.profraw' >"$counters/files"
"$tools/llvm-profdata" merge -sparse -failure-mode=all -input-files="$counters/files" \
  -o "$counters/all.profdata"
products=$(swift build --show-bin-path)
binaries=("$products/civsyncPackageTests.xctest")
# What tests ran as programs of their own counts as well.
for program in civsync civitai-sandbox; do
  [ ! -x "$products/$program" ] || binaries+=(-object "$products/$program")
done

echo
echo "line coverage of Sources/"
"$tools/llvm-cov" export -format=lcov -summary-only -instr-profile="$counters/all.profdata" \
  "${binaries[@]}" |
  awk -F: -v root="$PWD/Sources/" -v wanted="$wanted" -v partial="$#" '
    $1 == "SF" {
      # Only files of this package; the products of others lie below .build.
      target = index($2, root) == 1 ? substr($2, length(root) + 1) : ""
      sub("/.*", "", target)
    }
    $1 == "LF" && target != "" { lines[target] += $2; all += $2 }
    $1 == "LH" && target != "" { hit[target] += $2; covered += $2 }
    END {
      if (all == 0) { print "error: no line was counted" > "/dev/stderr"; exit 1 }
      for (target in lines)
        printf "  %-18s %6.1f %%  %6d of %6d\n", target, 100 * hit[target] / lines[target],
          hit[target], lines[target] | "sort"
      close("sort")
      share = 100 * covered / all
      printf "  %-18s %6.1f %%  %6d of %6d\n", "all", share, covered, all
      if (partial == 0 && share < wanted) {
        printf "error: %.1f %% of the lines are covered, %d %% are wanted\n", share, wanted \
          > "/dev/stderr"
        exit 1
      }
    }'
echo
echo "$summary"
