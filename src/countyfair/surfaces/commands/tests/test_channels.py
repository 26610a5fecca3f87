"""`countyfair channels`, as a person at a terminal and a folder that is watched meet it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countyfair.kernel.rows import scalar
from countyfair.outreach.channels.tests.factories import Stand, a_connection, a_stand
from countyfair.outreach.channels.tests.making import orders_of, write_orders
from countyfair.surfaces.commands.channels import SETTLED_S, command, settled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stand() -> Stand:
    return a_stand()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    write_orders(file, "pinduoduo", list(orders_of("pinduoduo", 30, seed=1)))
    return file


def run(*given: str, answer: str = "") -> Result:
    return CliRunner().invoke(command, [*given, "--county", "450225"], input=answer)


def arrivals() -> int:
    return int(str(scalar("SELECT count(*) FROM channels_arrival")))


def test_a_file_is_previewed_then_taken_in_then_known(stand: Stand, export: Path) -> None:
    seen = run("import", str(export), "--preview")
    assert "orders of pinduoduo, 样例·黑米店" in seen.output
    assert (seen.exit_code, arrivals()) == (0, 0)

    assert run("import", str(export), answer="n\n").exit_code == 1
    assert arrivals() == 0
    taken = run("import", str(export), "--yes")
    assert (taken.exit_code, arrivals()) == (0, 30)
    assert "unmapped" in taken.output
    assert "taken in before" in run("import", str(export), "--yes").output


def test_what_is_no_file_of_a_platform_or_of_which_shop_is_said(stand: Stand, export: Path) -> None:
    a_connection(stand.fair, "pinduoduo", "样例·二店")
    assert run("import", str(export), "--yes").exit_code != 0
    assert run("import", str(export), "--yes", "--shop", "三店").exit_code != 0
    assert run("import", str(export), "--yes", "--shop", "样例·二店").exit_code == 0
    assert arrivals() == 30


def test_a_folder_is_emptied_into_done_and_failed(stand: Stand, export: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    export.rename(folder / "orders.csv")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n")
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    (folder / "growing.csv").write_text("a,b\n")

    watched = run("watch", str(folder), "--once")

    assert watched.exit_code == 0
    assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()) == [
        "done/orders.csv", "failed/photo.png", "failed/photo.png.txt", "growing.csv",
    ]  # fmt: skip
    assert "table" in (folder / "failed" / "photo.png.txt").read_text()
    assert arrivals() == 30


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a")
    at = file.stat().st_mtime
    assert settled(tmp_path, at + SETTLED_S - 1) == []
    assert settled(tmp_path, at + SETTLED_S) == [file]


def test_what_an_owner_granted_is_kept_and_never_shown(stand: Stand) -> None:
    granted = '{"app_key": "k", "app_secret": "very-secret", "shop": "1", "token": "t"}'
    done = run("grant", "-", "--shop", "样例·黑米店", answer=granted)
    assert (done.exit_code, "very-secret" in done.output) == (0, False)
    kept = str(scalar("SELECT credentials FROM channels_connection"))
    assert kept
    assert "very-secret" not in kept
    wrong = run("grant", "-", "--shop", "样例·黑米店", answer='{"app_secret": "very-secret"}')
    assert wrong.exit_code == 1
    assert "very-secret" not in wrong.output
    assert str(scalar("SELECT credentials FROM channels_connection")) == kept
    assert run("grant", "-", "--shop", "another", answer=granted).exit_code == 1
