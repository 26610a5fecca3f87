"""Tables and numbers of people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import countyfair
from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.refusal import Forbidden, Invalid
from countyfair.registers.people import rules

ASKS = re.compile(r"""\.(?:require|may|holds|places|organisations)\(\s*["']([a-z]+\.[a-z_]+)["']""")


def test_every_power_that_the_house_asks_for_stands_in_the_table() -> None:
    asked = {
        (power, path.name)
        for path in Path(countyfair.__file__).parent.rglob("*.py")
        if "tests" not in path.parts
        for power in ASKS.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(pair for pair in asked if pair[0] not in rules.POWERS) == []


def test_an_auditor_reads_all_and_changes_nothing() -> None:
    assert rules.ROLES["auditor"].powers == rules.READING
    assert not rules.READING & rules.CHANGING


def test_roles_give_only_roles_that_exist_and_only_with_the_power_to_give() -> None:
    for role in rules.ROLES.values():
        assert role.grants <= set(rules.ROLES)
        assert bool(role.grants) == ("role.grant" in role.powers)


def test_a_name_no_longer_in_the_table_has_no_power() -> None:
    assert rules.powers_of("village_head") == frozenset()


@pytest.mark.parametrize(
    ("held", "place", "reaches"),
    [
        ("", "450225100200", True),
        ("45", "450225100200", True),
        ("4502", "450225100200", True),
        ("450225", "450225100200", True),
        ("450225", "450225", True),
        ("450225100", "450225100200", True),
        ("450225100200", "450225100200", True),
        ("450225100200", "450225100", False),  # never up
        ("450225100", "450225", False),
        ("450225", "45", False),
        ("450225", "", False),
        ("450225100200", "450225100201", False),  # never sideways
        ("450225", "621227", False),
        ("450225", "450226100", False),
    ],
)
def test_a_role_reaches_down_its_subtree_only(held: str, place: str, reaches: bool) -> None:
    actor = Actor("user:x", None, (Grant("county_admin", rules.powers_of("county_admin"), held),))
    assert actor.may("stock.correct", place=place) is reaches
    if not reaches:
        with pytest.raises(Forbidden):
            actor.require("stock.correct", place=place)


def test_a_right_identity_number_is_read_however_it_is_written() -> None:
    # The number printed in GB 11643-1999 as its example; it is nobody's.
    assert rules.id_number(" 11010519491231002x ") == "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        "", "11010519491231002", "110105194912310021", "11010519491331002X", "11010519490229002X",
        "01010519491231002X", "１1010519491231002X", "110105194912310O2X", "110105229912310023",
    ],
)  # fmt: skip
def test_a_wrong_identity_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.id_number(text)


def test_a_sample_carries_a_number_that_cannot_be_anybodys() -> None:
    assert rules.id_number("110105194912310021", is_sample=True) == "110105194912310021"
    with pytest.raises(Invalid):
        rules.id_number("11010519491231002X", is_sample=True)


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "+86-138-0013-8000", "0086 13800138000"])
def test_a_phone_number_has_one_form(text: str) -> None:
    assert rules.phone(text) == "+8613800138000"


@pytest.mark.parametrize("text", ["", "12", "phone", "+", "1380013800013800138000", "138001380OO"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.phone(text)


def test_names_and_phones_are_masked() -> None:
    assert (rules.mask_name("李小红"), rules.mask_name("样"), rules.mask_name("")) == ("李**", "样", "")
    assert rules.mask_phone("+8619900000001") == "199****0001"
    assert rules.mask_phone("1") == "****"


def test_each_purpose_opens_known_fields_with_a_known_power() -> None:
    for purpose in rules.PURPOSES.values():
        assert purpose.fields <= set(rules.FIELDS)
        assert purpose.power in rules.POWERS


def test_a_bank_account_is_digits() -> None:
    assert rules.bank_account("6200 0000-0000 0000") == "6200000000000000"
    for wrong in ("", "123", "62000000000A"):
        with pytest.raises(Invalid):
            rules.bank_account(wrong)
