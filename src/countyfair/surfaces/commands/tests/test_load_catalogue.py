"""`countyfair load catalogue`, as a person at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.commands.load import command
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.tests import factories
from countyfair.trade.catalog.tests.sheets import BODY, exported, workbook

pytestmark = pytest.mark.django_db(transaction=True)


def load(file: Path, *options: str, answer: str = "") -> Result:
    shop = queries.shops(county=COUNTY)[0].slug
    given = ["catalogue", str(file), "--county", COUNTY, "--shop", shop, *options]
    return CliRunner().invoke(command, given, input=answer)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    factories.a_shop()
    file = tmp_path / "目录.csv"
    file.write_bytes(exported(encoding="gbk"))
    return file


def test_a_sheet_is_previewed_then_loaded_then_known(sheet: Path) -> None:
    seen = load(sheet, "--preview")
    assert "5 new, 0 changed, 0 the same." in seen.output
    assert "row 4: 黑糯米 ５斤/袋 ¥62.50" in seen.output
    assert "Columns not used: 序号、供货人" in seen.output
    assert "3 rows give a stock figure" in seen.output
    assert queries.managed_products(SYSTEM, county=COUNTY) == []

    assert "Loaded: 5 new, 0 changed, 0 as before." in load(sheet, answer="y\n").output
    again = load(sheet, "--yes")

    assert (again.exit_code, len(queries.offers(SYSTEM, county=COUNTY))) == (0, 5)
    assert "Everything is in the catalogue already." in again.output


def test_who_does_not_say_yes_loads_nothing(sheet: Path) -> None:
    assert load(sheet, answer="n\n").exit_code == 1

    assert queries.managed_products(SYSTEM, county=COUNTY) == []


def test_cells_that_cannot_be_used_are_listed_and_nothing_is_loaded(sheet: Path) -> None:
    sheet.write_bytes(workbook([*BODY, (6, "", "若干", "面议", "斤", "-", "", "", "")]))

    refused = load(sheet, "--yes")

    assert refused.exit_code == 1
    assert "row 9, column B (品名): The name is missing." in refused.output
    for cell in ("row 9, column B (品名)", "row 9, column C (规格)", "row 9, column D (价格 单价)"):
        assert cell in refused.output
    assert "Nothing was loaded." in refused.output
    assert queries.managed_products(SYSTEM, county=COUNTY) == []
