"""`countyfair check` says how much it proved, and refuses when a proof fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.commands import check

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Found:
    name: str
    checked: int
    broken: tuple[str, ...] = ()


def test_what_holds_is_told_with_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        check, "PROVERS", {"orchard": lambda: [Found("trees stand", 12), Found("pears hang", 3400)]}
    )
    done = CliRunner().invoke(check.command)
    assert done.exit_code == 0
    assert "3,412 rows proved by 2 proofs." in done.output


def test_what_is_broken_is_refused_by_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PROVERS", {"orchard": lambda: [Found("trees stand", 12, ("oak", "elm"))]})
    done = CliRunner().invoke(check.command)
    assert isinstance(done.exception, Refusal)
    assert "trees stand fails for oak, elm" in str(done.exception)


def test_an_empty_deployment_holds() -> None:
    done = CliRunner().invoke(check.command)
    assert done.exit_code == 0, done.exception


def test_unsafe_settings_are_listed_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "unsafe", lambda settings: ["Lock the door.", "Close the window."])
    done = CliRunner().invoke(check.command, ["--deploy"])
    assert str(done.exception) == "- Lock the door.\n- Close the window."
