"""Habits that a reader may rely on everywhere in the house."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from countyfair.kernel import functions
from countyfair.kernel.audit import AppendOnly, Audited
from tests.architecture.house import SOURCE, our_models, parsed, python_files, rooms

ROOM_FILES = {
    "__init__",
    "apps",
    "models",
    "rules",
    "actions",
    "queries",
    "events",
    "handlers",
}
ROOM_FOLDERS = {
    "sql",
    "tests",
    "migrations",
    "locale",
    "rules",
    "actions",
    "queries",
    "models",
    "__pycache__",
}
#: Folders of siblings of one shape: a gateway, an SMS provider each.
SIBLINGS = {"payments": {"gateways"}, "people": {"sms"}, "channels": {"platforms"}}
#: Modules that a framework asks for by name: Django's SESSION_ENGINE is one that holds a SessionStore.
NAMED_BY_SETTINGS = {"people": {"sessions"}}


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def all_files() -> list[Path]:
    return list(python_files(SOURCE))


def test_no_import_hides_in_a_function() -> None:
    wrong = []
    for path in all_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                wrong += [
                    f"{path.relative_to(SOURCE)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert wrong == []


def test_no_model_is_fetched_by_name_and_no_signal_is_sent() -> None:
    wrong = []
    for path in all_files():
        tree = parsed(path)
        for call in calls(tree):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "get_model":
                wrong.append(f"{path.relative_to(SOURCE)}:{call.lineno} get_model")
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in {
                "django.db.models.signals",
                "django.dispatch",
            }:
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno} signals")
    assert wrong == []


def test_no_model_changes_what_saving_means() -> None:
    for model in our_models():
        for name in ("save", "delete"):
            assert name not in vars(model), f"{model._meta.label}.{name}"


@pytest.mark.parametrize("room", [room.label for room in rooms()])
def test_a_room_holds_the_files_a_room_holds(room: str) -> None:
    if room == "kernel":
        pytest.skip("the kernel is the grammar, a file for each notion")
    folder = next(r.folder for r in rooms() if r.label == room)
    for entry in folder.iterdir():
        if entry.is_dir():
            assert entry.name in ROOM_FOLDERS | SIBLINGS.get(room, set()), entry
        elif entry.suffix == ".py":
            assert entry.stem in ROOM_FILES | NAMED_BY_SETTINGS.get(room, set()), entry
    assert ast.get_docstring(parsed(folder / "__init__.py"))


def test_the_clock_is_read_in_one_place() -> None:
    wrong = []
    for path in all_files():
        if path.name == "clock.py":
            continue
        for call in calls(parsed(path)):
            match call.func:
                case ast.Attribute(
                    value=ast.Name(id="timezone" | "datetime" | "date"), attr="now" | "today" | "utcnow"
                ):
                    wrong.append(f"{path.relative_to(SOURCE)}:{call.lineno}")
    assert wrong == [], "use kernel.clock.now()"


def test_surfaces_change_the_language_in_one_way() -> None:
    """Where another way is taken, `spoken` tells the language of the request and Django the other one."""
    surfaces = SOURCE / "surfaces"
    ways = {"override", "activate", "deactivate"}
    own = {surfaces / "ui" / "translation.py"}
    commands = surfaces / "commands"  # no request speaks there
    found = [
        path
        for path in python_files(surfaces)
        if path not in own and commands not in path.parents and "tests" not in path.parts
        for node in ast.walk(parsed(path))
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ways
            and isinstance(node.value, ast.Name)
            and node.value.id == "translation"
        )
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "django.utils.translation"
            and ways & {name.name for name in node.names}
        )
    ]
    assert found == []


def test_every_public_verb_and_query_says_what_it_does() -> None:
    wrong = []
    for path in all_files():
        if not {"actions", "queries", "rules"} & {path.stem, path.parent.name}:
            continue
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert wrong == []


def test_every_table_is_a_journal_or_is_audited() -> None:
    wrong = []
    for model in our_models():
        triggers = getattr(model._meta, "triggers", [])
        kept = any(isinstance(t, Audited | AppendOnly) or t.name.startswith("audit_") for t in triggers)
        if not kept and not getattr(model, "WORKING_TABLE", False):
            wrong.append(model._meta.label)
    assert wrong == [], "give these Audited, AppendOnly or audited_in_bulk(), or say why not by WORKING_TABLE"


@pytest.mark.django_db
def test_functions_in_files_and_in_the_database_agree() -> None:
    assert functions.files(), "no SQL file found: the test looks in the wrong place"
    assert functions.differences() == []


@pytest.mark.django_db
def test_triggers_in_models_and_in_the_database_agree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers")
        guarded = {row[0] for row in cursor.fetchall()}
    for model in our_models():
        if getattr(model._meta, "triggers", []):
            assert model._meta.db_table in guarded, model._meta.label


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
