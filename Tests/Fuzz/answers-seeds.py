#!/usr/bin/env python3
"""Writes the fuzzer's seeds for answers of the catalogue: the JSON texts of the decoders' tests, and the
recorded responses when CIVSYNC_RECORDED_DIR says where they are. FuzzAnswers.swift says what the first
byte means."""

import hashlib
import os
import pathlib
import re
import sys

target = pathlib.Path(sys.argv[1])
seeds = set()


def add(kind, text):
    seeds.add(kind.encode() + text.encode("utf-8"))


texts = []
for path in sorted(pathlib.Path("Tests/CivitaiTests").glob("*.swift")):
    source = path.read_text(encoding="utf-8")
    texts += re.findall(r'#"""\n(.*?)\n *"""#', source, re.S)
    texts += re.findall(r'(?<!#)"""\n(.*?)\n *"""', source, re.S)
    texts += re.findall(r'#"(\{.*?\})"#', source)
texts = [text.replace("\\\n", "") for text in texts if "{" in text]
recorded = os.environ.get("CIVSYNC_RECORDED_DIR")
if recorded:
    for path in sorted(pathlib.Path(recorded).glob("*.json")):
        texts.append(path.read_text(encoding="utf-8"))
for text in texts:
    for kind in "mv":
        add(kind, text)
    add("p", text if '"items"' in text else '{"items":[' + text + '],"metadata":{}}')
    add("\x06\x00", text)
for status in range(14):
    add(chr(status) + "\x81", '{"error":"Early Access","deadline":"2026-12-01T00:00:00.000Z"}')
    add(chr(status) + "\x01", "<!DOCTYPE html><title>Just a moment</title>")

for data in seeds:
    (target / hashlib.sha1(data).hexdigest()).write_bytes(data)
