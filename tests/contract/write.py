"""Writes `docs/openapi.json` anew, and refuses what would break callers unless `--breaking` is said."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def main(arguments: list[str]) -> int:
    """Names each breaking change; 1 when there is one and it was not asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    contract = import_module("tests.contract.here")  # it needs the settings
    text = contract.current()
    old = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else None
    found = contract.breaking(old, json.loads(text)) if old else []
    for sentence in found:
        sys.stderr.write(f"breaks callers: {sentence}\n")
    if found and "--breaking" not in arguments:
        return 1
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
