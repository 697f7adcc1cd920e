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

swift build --build-tests --enable-code-coverage
data=$(dirname "$(swift test --show-codecov-path)")
# Counters of an older build would not fit this one.
rm -rf "$data"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift test --skip-build --enable-code-coverage "$@" 2>&1 | tee "$log"
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
products=$(swift build --show-bin-path)
binaries=("$products/civsyncPackageTests.xctest")
# What tests ran as programs of their own counts as well.
for program in civsync civitai-sandbox; do
  [ ! -x "$products/$program" ] || binaries+=(-object "$products/$program")
done

echo
echo "line coverage of Sources/"
"$tools/llvm-cov" export -format=lcov -summary-only -instr-profile="$data/default.profdata" \
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
