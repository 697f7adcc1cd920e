#!/usr/bin/env python3
"""Writes the fuzzer's seeds: the texts of the golden tests and the shipped manifests, and some that
stand for several files (see FuzzManifest.swift for how those are told apart)."""

import hashlib
import pathlib
import re
import sys
import textwrap

target = pathlib.Path(sys.argv[1])
seeds = []

for path in sorted(pathlib.Path("Tests/ManifestModelTests").glob("*.swift")):
    text = path.read_text(encoding="utf-8")
    seeds += re.findall(r'text: #"""\n(.*?)\n *"""#', text, re.S)
    seeds += re.findall(r'(?<![#"])"""\n(.*?)\n *"""', text, re.S)
seeds = [textwrap.dedent(seed) for seed in seeds]
for path in sorted(pathlib.Path(".").glob("Manifests/*.yaml")):
    seeds.append(path.read_text(encoding="utf-8"))
for path in sorted(pathlib.Path("Docs").glob("Manifest*/*.md")):
    seeds += re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.S)

single = list(seeds)
for index in range(0, len(single) - 2, 3):
    seeds.append(
        'include: ["*.yaml", parts/a.yaml]\n' + single[index]
        + "\n#%parts/a.yaml\n" + single[index + 1]
        + "\n#%civsync.local.yaml\n" + single[index + 2]
        + "\n#%two.yaml\nversion: 1\nlink: copy\n")

for seed in seeds:
    data = seed.encode("utf-8")
    (target / hashlib.sha1(data).hexdigest()).write_bytes(data)
