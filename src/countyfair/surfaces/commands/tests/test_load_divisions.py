"""`countyfair load divisions`, as it is typed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.commands.load import command

pytestmark = pytest.mark.django_db


def test_a_county_is_loaded_its_counts_told_and_the_second_time_nothing_done() -> None:
    first = CliRunner().invoke(command, ["divisions", "--county", "621227"], catch_exceptions=False)
    assert first.exit_code == 0
    assert first.stdout.startswith("Loaded and proved: 15,")
    assert "2,978 counties, 15 townships, 223 villages" in first.stdout
    assert "832 entries" in first.stdout
    again = CliRunner().invoke(command, ["divisions", "--county", "621227"], catch_exceptions=False)
    assert again.stdout.startswith("Loaded already, nothing to do")


def test_an_unknown_county_is_refused_with_a_sentence() -> None:
    with pytest.raises(Missing, match="999999"):
        CliRunner().invoke(command, ["divisions", "--county", "999999"], catch_exceptions=False)
