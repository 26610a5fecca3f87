"""Words of the goods on offer, gathered so that a misspelt search can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.verbs import verb
from countyfair.registers.places.queries import Place, places
from countyfair.trade.catalog.actions.products import facts_of, terms_of
from countyfair.trade.catalog.models import Product, Word
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.words import neighbourhood, sound_of, words_of

#: Goods said again in one statement.
AT_ONCE = 500

_SAID = (
    "county",
    "name_zh",
    "name_en",
    "variety_zh",
    "variety_en",
    "category",
    "place",
    "shop__name_zh",
    "shop__name_en",
    "shop__known_as",
)


@verb
def gather_words(actor: Actor, *, products: Collection[UUID]) -> int:
    """Note the words of these products' names, varieties, places and shops that were not known yet.

    Returns:
        How many were new. Words stay when their product goes: what a search is read as is searched for.
    """
    actor.require("catalog.manage")
    said = list(Product.objects.filter(pk__in=products).values(*_SAID))
    known = {place.code: place for place in places({code for row in said for code in _way(row["place"])})}
    found: dict[str, set[str]] = {}
    for row in said:
        found.setdefault(row["county"], set()).update(words_of(_texts(row, known)))
    return sum(_note(county, words) for county, words in sorted(found.items()))


@verb
def rename_found(actor: Actor, *, shops: Collection[UUID]) -> int:
    """Have the goods of these shops found by what the shops are called now; how many goods."""
    actor.require("catalog.manage")
    theirs = Product.objects.filter(shop__in=shops, withdrawn_at=None).order_by("id")
    held = list(theirs.values_list("id", flat=True))
    locked = Product.objects.select_related("shop").select_for_update(no_key=True, of=["self"])
    for start in range(0, len(held), AT_ONCE):
        some = held[start : start + AT_ONCE]
        rows = list(locked.filter(pk__in=some).order_by("id"))
        for row, terms in zip(rows, terms_of([(facts_of(row), row.shop) for row in rows]), strict=True):
            row.search_terms = terms
        Product.objects.bulk_update(rows, ["search_terms"])
        gather_words(actor, products=some)
    return len(held)


def _texts(row: Mapping[str, str], known: Mapping[str, Place]) -> Iterable[str]:
    category = CATEGORIES.get(row["category"])
    yield from (row[name] for name in _SAID if name not in ("county", "category", "place"))
    yield from (category.zh, category.en) if category else ()
    for code in _way(row["place"]):
        if place := known.get(code):
            yield from (place.name, place.short)


def _way(place: str) -> list[str]:
    return [place[:length] for length in (6, 9, 12) if length <= len(place)]


def _note(county: str, words: set[str]) -> int:
    old = Word.objects.filter(county=county, word__in=words).values_list("word", flat=True)
    fresh = sorted(words - set(old))
    Word.objects.bulk_create(
        [
            Word(
                county=county,
                word=word,
                sound=sound_of(word),
                near=[county + spelling for spelling in sorted(neighbourhood(word))],
            )
            for word in fresh
        ],
        ignore_conflicts=True,
    )
    return len(fresh)
