"""What a row of the table of addresses says, and how the rows of each place are written."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Door:
    """One address.

    `opens` are the powers of which one opens it (() for everybody; "a+b" where both are needed);
    `takes` those of which one is needed to send a form, None where none is taken. `names` are the
    things that the address names, by the World's attribute. `sent` is what a form says. `member`: only
    for who is signed in. `looks`: False where there is nothing to look at, only something to send.
    `keepers`: it opens also to who keeps a shop of the county, and shows them what is theirs.
    `at` is where the powers are asked: at the county or the station, "" where the page leads everybody
    to their own. `buyer`: only for who placed the order that it names.
    """

    opens: tuple[str, ...] = ()
    takes: tuple[str, ...] | None = None
    names: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    member: bool = False
    looks: bool = True
    at: str = ""
    keepers: bool = False
    buyer: bool = False


def everybody(*, sends: bool = False, **names: str) -> Door:
    """Open to all; what is sent there changes nothing that is kept, as the test makes sure."""
    return Door(takes=() if sends else None, names=names)


def member(*, sends: bool = False, looks: bool = True) -> Door:
    """About the person who is signed in, and nobody else."""
    return Door(takes=() if sends else None, member=True, looks=looks)


def order(*, takes: str = "", **names: str) -> Door:
    """A buyer's order, which lies at a station of the county."""
    return Door(("orders.read",), (takes,) if takes else None, names, at="station")


def claimed(*, takes: tuple[str, ...] | None = (), **names: str) -> Door:
    """What only the buyer of an order opens; what is sent there without a wish changes nothing."""
    return Door(takes=takes, names={"order_id": "claimed", **names}, buyer=True)


def desk(
    *powers: str,
    takes: str = "",
    looks: bool = True,
    sent: dict[str, str] | None = None,
    keepers: bool = False,
    **names: str,
) -> Door:
    """A page of a county's desk."""
    return Door(
        powers,
        (takes,) if takes else None,
        {"county": "county", **names},
        sent or {},
        looks=looks,
        at="county",
        keepers=keepers,
    )


def counter(*powers: str, takes: str | None = "", sent: dict[str, str] | None = None, **names: str) -> Door:
    """A page of a station's counter; what looks there is for who works there."""
    asked = None if takes is None else (takes or powers[0],)
    return Door(powers, asked, {"station": "station", **names}, sent or {}, at="station")


def farm(*, sends: bool = False, **names: str) -> Door:
    """A household's own page; here nobody comes who belongs to it."""
    powers = ("harvest.announce",)
    return Door(powers, powers if sends else None, {"household": "household", **names}, at="station")


def carried(*, order: str, power: str = "orders.deliver", **sent: str) -> Door:
    """What a courier does with a parcel on the round."""
    return Door(takes=(power,), names={"order": order}, sent=sent, looks=False, at="station")


WHY = {"reason": "样例", "once": "01890000-0000-7000-8000-000000000001"}
