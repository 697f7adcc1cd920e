#!/usr/bin/env python3
"""measure.py RUNS NAME COMMAND [NAME COMMAND …]: runs the commands in turn and prints a table.

Each command runs in a shell of its own that it replaces. One round before the measured ones warms
caches. The ratio is to the command named `find…`, by the medians.
"""
import os
import statistics
import subprocess
import sys
import time


def run(command):
    """Wall seconds and peak memory in MB of one run."""
    began = time.monotonic()
    prefix = "" if ";" in command else "exec "
    process = subprocess.Popen(
        ["sh", "-c", prefix + command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"`{command}` ended with {process.returncode}")
    return time.monotonic() - began, usage.ru_maxrss / 1000


def main():
    rounds = int(sys.argv[1])
    pairs = list(zip(sys.argv[2::2], sys.argv[3::2]))
    times = {name: [] for name, _ in pairs}
    memory = {name: 0.0 for name, _ in pairs}
    for turn in range(rounds + 1):
        for name, command in pairs:
            seconds, peak = run(command)
            if turn > 0:
                times[name].append(seconds)
                memory[name] = max(memory[name], peak)
    medians = {name: statistics.median(values) for name, values in times.items()}
    find = next((value for name, value in medians.items() if name.startswith("find")), None)
    print("| command | best | median | × find | peak memory |\n|---|---|---|---|---|")
    for name, _ in pairs:
        ratio = f"{medians[name] / find:.1f}" if find else "–"
        print(f"| `{name}` | {min(times[name]):.3f} s | {medians[name]:.3f} s | {ratio} "
              f"| {memory[name]:.0f} MB |")


main()
