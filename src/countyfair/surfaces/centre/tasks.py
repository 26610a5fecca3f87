"""Long work that is asked for at the desk: each kind, who may ask for it, and what does it.

A kind is done at a desk as its asker would sit at it then: the same filters, and the rights they have at
that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence
from countyfair.registers.tasks.actions import Asked, Progress, Worker
from countyfair.registers.tasks.queries import File
from countyfair.surfaces.centre.desk import Desk, kept_by
from countyfair.surfaces.centre.labels import labels_of_list
from countyfair.surfaces.centre.sheets import Table, whole
from countyfair.surfaces.centre.views import lots, offer_sheets, order_lists
from countyfair.surfaces.centre.views.statements import statements_of_batch


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task: what its file is called, the powers of which one asks for it, what makes it."""

    label: Sentence
    powers: tuple[str, ...]
    make: Callable[[Desk, Progress], File]


def _table(label: Sentence, table: Table) -> Kind:
    return Kind(label, table.powers, partial(whole, table))


KINDS: Mapping[str, Kind] = {
    "labels": Kind(_("Labels of a list of orders"), ("orders.pack",), labels_of_list),
    "statements": Kind(_("Statements of a payout batch"), ("payout.read",), statements_of_batch),
    "orders_table": _table(_("Table of orders"), order_lists.TABLE),
    "lots_table": _table(_("Table of lots"), lots.TABLE),
    "offers_table": _table(_("Table of offers"), offer_sheets.TABLE),
}


def may(desk: Desk, kind: str) -> None:
    """Raise Forbidden unless who sits at the desk may ask for this kind."""
    powers = KINDS[kind].powers
    if not desk.may(*powers):
        desk.require(*powers)


def _made(kind: str, asked: Asked, progress: Progress) -> File:
    request = HttpRequest()
    request.GET = QueryDict(str(asked.particulars.get("asked", "")))
    kept = frozenset(row.id for row in kept_by(asked.actor) if row.county == asked.county)
    desk = Desk(request, asked.actor, asked.county, kept)
    may(desk, kind)
    return KINDS[kind].make(desk, progress)


#: Who does which kind, for the wiring.
WORKERS: Mapping[str, Worker] = {kind: partial(_made, kind) for kind in KINDS}
