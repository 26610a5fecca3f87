"""The house as its own files show it: rooms, their ranks, their tables, their source."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "countyfair"

#: Low to high. Rooms of one inner tuple are blind to each other.
RANKS: tuple[tuple[str, ...], ...] = (
    ("kernel",),
    ("places",),
    ("people",),
    ("access",),
    ("notices",),
    ("tasks",),
    ("ledger",),
    ("programme",),
    ("stations",),
    ("catalog",),
    ("stock", "payments", "logistics", "promotions"),
    ("orders",),
    ("settlement", "trace", "bookings"),
    ("webhooks",),
)


@dataclass(frozen=True)
class Room:
    """A room with tables: its app label, its folder, its rank."""

    label: str
    folder: Path
    rank: int


def rank_of(label: str) -> int | None:
    """The rank of a room; None for what is not ours."""
    return next((rank for rank, rooms in enumerate(RANKS) if label in rooms), None)


@functools.cache
def rooms() -> tuple[Room, ...]:
    """Every installed room that may own tables."""
    found = []
    for config in apps.get_app_configs():
        rank = rank_of(config.label)
        if config.name.startswith("countyfair.") and rank is not None:
            found.append(Room(config.label, Path(config.path), rank))
    return tuple(sorted(found, key=lambda room: room.rank))


def our_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("countyfair."):
            yield model


def python_files(folder: Path, *, tests: bool = False) -> Iterator[Path]:
    """Source files below a folder, without migrations, and without tests unless asked."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        if "migrations" in parts or (not tests and "tests" in parts):
            continue
        yield path


@functools.cache
def parsed(path: Path) -> ast.Module:
    """A source file's tree, read once; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, text) of every string constant that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
