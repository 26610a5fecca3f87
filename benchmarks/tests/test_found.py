"""Searches find what was meant, by queries written without looking at how they are answered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks import found
from benchmarks.found import Query, Recalled
from countyfair.kernel.actor import Actor
from countyfair.registers.places.actions import load_divisions

PLACES = Path(found.__file__).parent.parent / "data" / "places"
#: A little under what is reached, so that a change that loses a kind of query is seen.
FLOORS = {
    "chinese": 0.92, "together": 0.99, "place": 0.99, "variety": 0.99, "pinyin": 0.99, "initials": 0.99,
    "typo": 0.97, "wrong character": 0.95, "english": 0.97,
}  # fmt: skip


def test_the_queries_are_many_and_of_every_kind() -> None:
    kinds = Counter(query.kind for query in found.all_queries())
    assert set(kinds) == set(FLOORS)
    assert sum(kinds.values()) >= 200
    assert min(kinds.values()) >= 10


def test_recall_counts_what_could_stand_among_the_first_ten() -> None:
    query = Query("chinese", "米", frozenset({"香米", "糯米"}))
    assert Recalled(query, ("香米", "红茶"), "").recall == 0.5
    many = Query("chinese", "茶", frozenset(map(str, range(40))))
    assert Recalled(many, tuple(map(str, range(10))), "").recall == 1.0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_searches_find_what_was_meant() -> None:
    load_divisions(Actor.system("test"), folder=PLACES, counties=[found.COUNTY])
    found.lay_out()
    answers = [found.recalled(query) for query in found.all_queries()]
    for one in answers:
        if one.recall < 1:
            print(f"{one.recall:.2f} {one.query.kind}: {one.query.text} ({one.meant}) found {one.names}")
    reached = found.by_kind(answers)
    assert {kind: value for kind, value in reached.items() if value < FLOORS[kind]} == {}
