"""Nothing points up: neither an import, nor a foreign key, nor a line of SQL."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.house import ROOT, SOURCE, our_models, parsed, python_files, rank_of, rooms, texts


def test_no_foreign_key_points_up_or_sideways() -> None:
    wrong = []
    for model in our_models():
        here = rank_of(model._meta.app_label)
        for field in model._meta.get_fields():
            if not (isinstance(field, models.ForeignKey | models.ManyToManyField) and field.concrete):
                continue
            target = field.related_model._meta
            there = rank_of(target.app_label)
            same_room = target.app_label == model._meta.app_label
            if here is not None and there is not None and not same_room and there >= here:
                wrong.append(f"{model._meta.label}.{field.name} -> {target.label}")
    assert wrong == []


def test_relations_leave_no_accessor_on_the_lower_room() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and not field.remote_field.hidden
    ]
    assert wrong == [], 'give these related_name="+"'


def test_every_room_protects_its_tables() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = {name for c in contracts if c["type"] == "protected" for name in c["protected_modules"]}
    for config in apps.get_app_configs():
        if config.name.startswith("countyfair.") and any(True for _ in config.get_models()):
            assert f"{config.name}.models" in protected, f"{config.name} needs a protected contract"


def declared_joins(path: Path) -> set[str]:
    """Rooms that a queries file says it joins (`JOINS = (...)`)."""
    for node in parsed(path).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="JOINS")], value=value):
                return set(ast.literal_eval(value))
            case ast.AnnAssign(target=ast.Name(id="JOINS"), value=value) if value is not None:
                return set(ast.literal_eval(value))
    return set()


def is_queries(path: Path) -> bool:
    return path.name == "queries.py" or path.parent.name == "queries"


def tables() -> dict[str, str]:
    """Table → room, for every table of ours."""
    return {model._meta.db_table: model._meta.app_label for model in our_models()}


def foreign_tables(text: str, room: str) -> set[str]:
    """Rooms other than `room` whose tables a piece of SQL reads or writes."""
    named = set(
        re.findall(
            r"(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY|,)\s+(?:public\.)?\"?([a-z]+_[a-z_]+)\"?", text, re.I
        )
    )
    return {owner for table, owner in tables().items() if table in named and owner != room}


@pytest.mark.parametrize("room", [room.label for room in rooms()])
def test_a_room_reads_no_other_rooms_table_in_sql(room: str) -> None:
    folder = next(r.folder for r in rooms() if r.label == room)
    wrong = []
    for path in python_files(folder):
        allowed = declared_joins(path) if is_queries(path) else set()
        for line, text in texts(parsed(path)):
            for owner in foreign_tables(text, room) - allowed - ({"kernel"} if room == "kernel" else set()):
                wrong.append(f"{path.relative_to(SOURCE)}:{line} reads a table of {owner}")
    for path in sorted((folder / "sql").glob("*.sql")):
        wrong += [
            f"{path.relative_to(SOURCE)} touches {owner}" for owner in foreign_tables(path.read_text(), room)
        ]
    assert wrong == []


def test_surfaces_and_runtime_hold_no_sql_on_tables() -> None:
    wrong = []
    for floor in ("surfaces", "runtime"):
        for path in python_files(SOURCE / floor):
            for line, text in texts(parsed(path)):
                if foreign_tables(text, ""):
                    wrong.append(f"{path.relative_to(SOURCE)}:{line}")
    assert wrong == []


def test_a_join_is_declared_downwards_only() -> None:
    for room in rooms():
        for path in python_files(room.folder):
            for joined in declared_joins(path):
                rank = rank_of(joined)
                assert rank is not None, f"{path} joins {joined}, which is no room"
                assert rank < room.rank, f"{path} joins {joined}, which does not lie below"


def crossing(model: type[models.Model], path: str) -> str | None:
    """The room into whose columns an ORM path of `model` walks, if it leaves its own."""
    current = model
    parts = path.split("__")
    for position, part in enumerate(parts):
        try:
            field = current._meta.get_field(part)
        except Exception:
            return None
        if not field.is_relation or field.related_model is None or isinstance(field.related_model, str):
            return None
        target = field.related_model
        rest = parts[position + 1 :]
        if not rest:
            return None
        names = {f.name for f in target._meta.get_fields()} - {"id"}
        if target._meta.app_label != model._meta.app_label and rest[0] in names:
            return target._meta.app_label
        current = target
    return None


def test_no_orm_path_walks_into_another_room() -> None:
    wrong = []
    for room in rooms():
        own = [model for model in our_models() if model._meta.app_label == room.label]
        for path in python_files(room.folder):
            allowed = declared_joins(path) if is_queries(path) else set()
            tree = parsed(path)
            paths = [
                (n.lineno, n.arg)
                for c in ast.walk(tree)
                if isinstance(c, ast.Call)
                for n in c.keywords
                if n.arg
            ]
            paths += [(line, text) for line, text in texts(tree) if re.fullmatch(r"-?[a-z_]+", text)]
            for line, text in paths:
                if "__" not in text:
                    continue
                for owner in {crossing(model, text.lstrip("-")) for model in own} - {None} - allowed:
                    wrong.append(f"{path.relative_to(SOURCE)}:{line} {text} walks into {owner}")
    assert wrong == []
