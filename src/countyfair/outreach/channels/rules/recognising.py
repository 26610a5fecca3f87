"""Which platform a file comes from, and what it holds, by its heads alone.

A file is known by a set of heads that is wholly there. Where one is nearly there, the sentence says which
column is missing; where none is, that the file is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import Platform

#: What a file holds: orders, the goods of orders (Taobao's second file), movements of a settlement.
Kind = Literal["orders", "details", "charges"]
#: Share of a set that must be there for the rest to be called missing.
NEAR = 0.6

#: Every column that some platform's reader uses.
KNOWN: frozenset[str] = frozenset().union(*(platform.columns for platform in PLATFORMS.values()))


@dataclass(frozen=True, slots=True)
class Recognised:
    """A platform's name, and what its file holds."""

    platform: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Mark:
    platform: Platform
    kind: Kind
    heads: frozenset[str]


def recognised(heads: Iterable[str], *, only: str = "") -> Recognised:
    """What a file with these heads is. `only`: a platform that it must be of ("" for any).

    Raises:
        Invalid: not known, nearly known (which columns are missing), or of another platform than `only`.
    """
    there = frozenset(heads)
    marks = list(_marks())
    found = max((one for one in marks if one.heads <= there), key=lambda one: len(one.heads), default=None)
    if found is None:
        raise _unknown(there, [one for one in marks if not only or one.platform.name == only])
    if only and found.platform.name != only:
        raise Invalid(
            _("This file is from %(there)s, not from %(wanted)s.")
            % {"there": found.platform.label, "wanted": PLATFORMS[only].label},
            field="file",
        )
    return Recognised(found.platform.name, found.kind)


def _marks() -> Iterator[_Mark]:
    for platform in PLATFORMS.values():
        yield from (_Mark(platform, "orders", heads) for heads in platform.order_marks)
        yield from (_Mark(platform, "charges", heads) for heads in platform.charge_marks)
        yield from (_Mark(platform, "details", heads) for heads in platform.detail_marks)


def _unknown(there: frozenset[str], marks: list[_Mark]) -> Invalid:
    near = max(marks, key=lambda one: len(one.heads & there) / len(one.heads), default=None)
    if near is None or len(near.heads & there) / len(near.heads) < NEAR:
        return Invalid(
            _("This file is not known: its heads are those of no platform. Drop the export as it was given."),
            field="file",
        )
    missing = "、".join(sorted(near.heads - there))
    return Invalid(
        _("This looks like a file from %(platform)s, but these columns are missing: %(missing)s.")
        % {"platform": near.platform.label, "missing": missing},
        field="file",
    )
