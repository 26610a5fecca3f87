"""Counting what is on a shelf, so that lists can say how many goods each narrowing leaves."""

from __future__ import annotations

from collections.abc import Collection

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import run
from countyfair.kernel.verbs import verb


@verb
def count_shelves(actor: Actor, *, counties: Collection[str]) -> None:
    """Count anew what is on the shelves of these counties, by row, township, season and band of prices."""
    actor.require("catalog.manage")
    for county in sorted(counties):
        run("SELECT catalog_count(%s)", [county])
