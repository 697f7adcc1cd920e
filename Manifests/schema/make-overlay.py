#!/usr/bin/env python3
"""Writes `civsync.local.schema.json` from `civsync.schema.json`: the same keys and words for the overlay,
in which nothing is required and an empty value takes away what lies beneath."""

import json
import pathlib

folder = pathlib.Path(__file__).parent
schema = json.loads((folder / "civsync.schema.json").read_text(encoding="utf-8"))


def relaxed(name, part):
    if "properties" not in part:
        return part
    part = {key: value for key, value in part.items() if key not in ("required", "minProperties")}
    if all(set(choice) <= {"required", "properties"} for choice in part.get("anyOf", [])):
        part.pop("anyOf", None)
    part["properties"] = {key: optional(value) for key, value in part["properties"].items()}
    return part


def optional(part):
    """The same value, or none. The explanation stays where editors look for it."""
    kept = {key: part[key] for key in ("description", "default") if key in part}
    rest = {key: value for key, value in part.items() if key not in kept}
    if isinstance(rest.get("additionalProperties"), dict):
        rest["additionalProperties"] = {"anyOf": [{"type": "null"}, rest["additionalProperties"]]}
        rest.pop("minProperties", None)
    return {**kept, "anyOf": [{"type": "null"}, rest]}


schema["title"] = "civsync overlay"
schema["description"] = (
    "What differs on this machine, over all other files of a manifest. Made by make-overlay.py.")
schema["$defs"] = {name: relaxed(name, part) for name, part in schema["$defs"].items()}
text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
(folder / "civsync.local.schema.json").write_text(text, encoding="utf-8")
