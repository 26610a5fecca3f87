"""Counting what is on a shelf, so that lists can say how many goods each narrowing leaves."""

from __future__ import annotations

from collections.abc import Collection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, rows, run
from countyfair.kernel.verbs import verb

#: So many days back it is looked for what began or ended.
DAYS = 31


@verb
def count_shelves(actor: Actor, *, counties: Collection[str]) -> None:
    """Count anew what is on the shelves of these counties, by all that lists can be narrowed to."""
    actor.require("catalog.manage")
    for county in sorted(counties):
        run("SELECT catalog_count(%s), catalog_count_borne(%s)", [county, county])


@verb
def turn_days(actor: Actor) -> None:
    """Note on goods, and count, which certificates and marks began or ended by their days.

    Repeating it changes nothing. A house that stood still for longer than `DAYS` counts what ended meanwhile
    until its offer changes; nothing is ever found or shown by what is over.
    """
    actor.require("catalog.manage")
    found = rows("SELECT county FROM catalog_turn(%s, %s)", [DAYS, now()], into=Columns)
    if found:
        count_shelves(actor, counties=[county for (county,) in found])
