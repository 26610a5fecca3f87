"""Numbers of goods and parcels are those of GS1, and lead back to what they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.numbers import check_digit as waybill_check_digit
from countyfair.trade.trace.rules import numbers
from countyfair.trade.trace.rules.numbers import Item

PREFIXES = {"450225": "6912345", "410782": "69234567"}


def test_check_digits_are_gs1_s_own_examples() -> None:
    """General Specifications, §7.9.1: GTIN-13 and SSCC."""
    assert numbers.check_digit("629104150021") == "3"
    assert numbers.check_digit("37610425002123456") == "9"


def test_the_worked_numbers_of_the_document() -> None:
    assert numbers.gtin(Item("450225", 1)) == "02450225000015"
    assert numbers.sscc("CF45022512345678901", "6912345") == "169123452345678903"


@given(st.sampled_from(["450225", "410782", "500101"]), st.integers(1, 99_999))
def test_a_gtin_leads_back_to_its_goods(county: str, number: int) -> None:
    item = Item(county, number)
    for prefix in ("", PREFIXES.get(county, "")):
        said = numbers.gtin(item, prefix)
        assert len(said) == 14
        assert numbers.item_of(said, PREFIXES) == item
        assert numbers.item_of(said[1:], PREFIXES) == item


@given(st.integers(0, 10**10 - 1))
def test_an_sscc_leads_back_to_its_waybill(serial: int) -> None:
    body = f"450225{serial:010d}"
    waybill = f"CF{body}{waybill_check_digit(body)}"
    said = numbers.sscc(waybill, "6912345")
    assert len(said) == 18
    assert numbers.waybill_of(said, PREFIXES) == waybill


@pytest.mark.parametrize(
    "text", ["", "1", "02450225000016", "٠2450225000015", "16912345234567890\n", "06912345000017x", "9" * 40]
)
def test_what_is_mistyped_or_not_ours_names_nothing(text: str) -> None:
    assert numbers.item_of(text, PREFIXES) is None
    assert numbers.waybill_of(text, PREFIXES) == ""


def test_a_prefix_of_another_length_leaves_parcels_their_waybill() -> None:
    assert numbers.sscc("CF41078212345678901", PREFIXES["410782"]) == ""
    assert numbers.parcel_path("CF41078212345678901", "69234567") == "/parcels/CF41078212345678901"


@pytest.mark.parametrize(
    ("text", "can"), [("6912345", True), ("2123456", False), ("12", False), ("a", False)]
)
def test_a_company_prefix_is_digits_and_no_restricted_one(text: str, can: bool) -> None:
    assert numbers.is_prefix(text) is can
