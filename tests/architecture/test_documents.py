"""Documents that a change can make untrue fail the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from countyfair.kernel.events import REGISTRY
from countyfair.kernel.jobs import Job
from countyfair.kernel.outbox import Wire
from countyfair.runtime.main import countyfair
from tests.architecture.house import ROOT, rooms

DOCS = ROOT / "docs"
SETTING = re.compile(r"""["'](COUNTYFAIR_[A-Z_]+|DATABASE_URL)["']""")


def said(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    files = [ROOT / "config" / "settings.py", *(ROOT / "src/countyfair/runtime").rglob("*.py")]
    reading = re.compile(r"env(?:\.\w+)?\(\s*|environ(?:\.get)?[\[(]\s*|setdefault\(\s*")
    found = set()
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if reading.search(line):
                found |= set(SETTING.findall(line))
    return found


def commands(group: click.Group, prefix: str = "countyfair") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, by the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")


def test_every_setting_is_described() -> None:
    assert settings_read(), "no setting found: the test looks in the wrong place"
    assert [name for name in sorted(settings_read()) if f"`{name}`" not in said("settings.md")] == []


def test_every_room_stands_on_the_map() -> None:
    assert [room.label for room in rooms() if not re.search(rf"\b{room.label}\b", said("map.md"))] == []


def test_every_event_is_described_with_its_version() -> None:
    for room in rooms():
        if (room.folder / "events.py").exists() and room.label != "kernel":
            import_module(f"{apps.get_app_config(room.label).name}.events")
    ours = [key for key, kind in REGISTRY.items() if ".tests." not in kind.__module__]
    assert ours
    missing = [
        f"{name} v{version}" for name, version in ours if f"`{name}` v{version}" not in said("events.md")
    ]
    assert missing == []


def test_every_handler_and_job_is_described() -> None:
    wiring: tuple[Wire, ...] = import_string("config.wiring.WIRING")
    jobs: tuple[Job, ...] = import_string("config.wiring.JOBS")
    names = [wire.name for wire in wiring] + [job.name for job in jobs]
    assert [name for name in names if f"`{name}`" not in said("events.md")] == []


def test_every_command_is_described_and_helps() -> None:
    for name, command in commands(countyfair):
        assert command.help, f"{name} has no help"
        assert f"`{name}" in said("commands.md"), f"{name} is not in docs/commands.md"


def documents() -> list[Path]:
    return [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "data").rglob("*.md")]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
