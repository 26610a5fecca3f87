"""The command line is whole, and a refusal is a sentence."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from django.db import OperationalError

from countyfair.kernel.refusal import Refusal
from countyfair.runtime import main


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The command line with one command, whose end a test chooses."""
    monkeypatch.setattr(main, "disconnect", lambda: None)
    monkeypatch.setattr("sys.argv", ["countyfair", "try"])
    return monkeypatch


def ends_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(main.Assembled, "get_command", lambda *_: click.Command("try", callback=fail))


def test_every_command_has_a_line_of_help() -> None:
    listed = CliRunner().invoke(main.countyfair, ["--help"])
    assert listed.exit_code == 0
    for name in ("check", "load", "messages", "migrate", "up", "worker"):
        assert name in listed.output
        command = main.countyfair.get_command(click.Context(main.countyfair), name)
        assert command is not None
        assert command.help


def test_help_of_a_command_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "database", lambda: pytest.fail("the database was asked for"))
    for path in (["load", "--help"], ["load", "divisions", "--help"], ["check", "--help"], ["up", "--help"]):
        assert CliRunner().invoke(main.countyfair, path).exit_code == 0


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main.countyfair, ["sing"]).exit_code == 2


def test_a_refusal_is_its_sentence(refusing: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ends_with(refusing, Refusal("Weigh the lot [again], then load it."))
    assert main.run() == 1
    assert capsys.readouterr().err == "Weigh the lot [again], then load it.\n"


def test_a_silent_database_is_a_sentence(
    refusing: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ends_with(refusing, OperationalError("connection refused"))
    assert main.run() == 1
    assert "correct DATABASE_URL" in capsys.readouterr().err


def test_a_mistake_of_the_programme_is_not_hidden(refusing: pytest.MonkeyPatch) -> None:
    ends_with(refusing, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main.run()
