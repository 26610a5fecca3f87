"""What a role reaches."""

from __future__ import annotations

from uuid import uuid4

import pytest

from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.refusal import Forbidden

COUNTY = Actor("user:1", grants=(Grant("centre_staff", frozenset({"orders.read"}), "450225"),))


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("450225", True),
        ("450225100001", True),
        ("4502", False),
        ("450226", False),
        ("45", False),
        (None, False),
    ],
)
def test_a_role_reaches_down_its_subtree_never_up_never_sideways(place: str | None, allowed: bool) -> None:
    assert COUNTY.may("orders.read", place=place) is allowed


def test_a_role_gives_its_powers_only() -> None:
    with pytest.raises(Forbidden):
        COUNTY.require("payout.confirm", place="450225")


def test_a_role_at_an_organisation_reaches_that_organisation_only() -> None:
    ours, theirs = uuid4(), uuid4()
    actor = Actor("user:2", grants=(Grant("seller", frozenset({"catalog.manage"}), organisation=ours),))
    assert actor.may("catalog.manage", organisation=ours)
    assert not actor.may("catalog.manage", organisation=theirs)
    assert not actor.may("catalog.manage", place="450225")


def test_places_of_a_power_leave_out_what_lies_inside_another() -> None:
    power = frozenset({"p"})
    actor = Actor(
        "user:3", grants=(Grant("a", power, "450225"), Grant("b", power, "4502"), Grant("c", power, "62"))
    )
    assert actor.places("p") == ("4502", "62")
    assert Actor.system("job").places("p") == ("",)
    assert Actor.guest("k").places("p") == ()
