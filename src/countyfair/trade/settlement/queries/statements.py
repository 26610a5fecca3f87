"""Statements: what one beneficiary was owed, earned and was paid, re-added against the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.registers.ledger.queries import balance
from countyfair.registers.ledger.rules import PAYABLE
from countyfair.registers.people.queries import household_labels, households_of_user
from countyfair.registers.stations.queries import station
from countyfair.trade.settlement.rules import Statement, StatementLine

JOINS = ("orders",)

_LINES = """
SELECT e.earned_at, e.what, coalesce(o.number, back.number, ''), coalesce(l.name_zh, ''),
  coalesce(l.name_en, ''),
       coalesce(l.label_zh, ''), coalesce(l.label_en, ''), coalesce(l.quantity, 0), coalesce(s.lot_amount, 0),
       coalesce(l.unit, ''), coalesce(l.amount_fen, 0), e.amount_fen
  FROM settlement_earning e
  LEFT JOIN orders_order o ON o.id = nullif(e.order_key, '')::uuid
  LEFT JOIN orders_line l ON l.id = nullif(e.line_key, '')::uuid
  LEFT JOIN orders_share s ON s.id = CASE WHEN e.what <> 'returned' THEN substr(e.source, 7)::uuid END
  LEFT JOIN settlement_payout back ON back.id = CASE WHEN e.what = 'returned' THEN substr(e.source,
    10)::uuid END"""


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payout to an owner. `state` is prepared, sent, paid, returned or withdrawn."""

    number: str
    at: datetime
    amount_fen: int
    currency: str
    state: str
    reason: str


def statement(
    actor: Actor,
    *,
    county: str,
    owner: str,
    since: datetime,
    before: datetime,
    beneficiary: str = "household",
    currency: str = "CNY",
) -> Statement:
    """What a beneficiary was owed at `since`, and what changed it until before `before`.

    A household reads its own; others need `settlement.read`, or `household.read` at its place.

    Raises:
        Forbidden: neither.
        Missing: no such household or station in this county.
    """
    _authorise(actor, county, beneficiary, owner)
    whose = {"county": county, "beneficiary": beneficiary, "owner": owner, "currency": currency}
    earned = lines_where(
        "e.county = %(county)s AND e.beneficiary = %(beneficiary)s AND e.owner = %(owner)s"
        " AND e.currency = %(currency)s AND e.earned_at >= %(since)s AND e.earned_at < %(before)s",
        {**whose, "since": since, "before": before},
    )
    paid = _payouts({**whose, "since": since, "before": before})
    account = {"county": county, "code": PAYABLE[beneficiary], "owner": owner, "currency": currency}
    return Statement(
        county, beneficiary, owner, currency, since, before,
        opening_fen=-balance(**account, before=since),
        lines=tuple(sorted([*earned, *paid], key=lambda row: row.at)),
        booked_fen=-balance(**account, before=before),
    )  # fmt: skip


def paid_out(
    actor: Actor, *, county: str, owner: str, beneficiary: str = "household", limit: int = 50
) -> list[PaidOut]:
    """An owner's payouts, newest first; who may see them as for `statement`.

    Raises:
        Forbidden: neither its own nor allowed.
    """
    _authorise(actor, county, beneficiary, owner)
    return rows(
        """
        SELECT p.number, coalesce(b.sent_at, b.prepared_at), p.amount_fen, p.currency, p.state, p.reason
          FROM settlement_payout p JOIN settlement_batch b ON b.id = p.batch_id
         WHERE p.county = %s AND p.beneficiary = %s AND p.owner = %s AND p.state <> 'withdrawn'
         ORDER BY coalesce(b.sent_at, b.prepared_at) DESC, p.id LIMIT %s::int""",
        [county, beneficiary, owner, limit],
        into=PaidOut,
    )


def lines_where(condition: str, params: dict[str, object]) -> list[StatementLine]:
    """Earnings as statement lines, oldest first. `condition` is a constant of this room on the table `e`."""
    return rows(f"{_LINES} WHERE {condition} ORDER BY e.earned_at, e.id", params, into=StatementLine)


def _payouts(params: dict[str, object]) -> list[StatementLine]:
    return rows(
        """
        SELECT b.sent_at, 'payout', p.number, '', '', '', '', 0, 0, '', 0, -p.amount_fen
          FROM settlement_payout p JOIN settlement_batch b ON b.id = p.batch_id
         WHERE p.county = %(county)s AND p.beneficiary = %(beneficiary)s AND p.owner = %(owner)s
           AND p.currency = %(currency)s AND p.state IN ('sent', 'paid', 'returned')
           AND b.sent_at >= %(since)s AND b.sent_at < %(before)s ORDER BY b.sent_at, p.id""",
        params,
        into=StatementLine,
    )


def _authorise(actor: Actor, county: str, beneficiary: str, owner: str) -> None:
    key = parse_uuid(owner)
    if beneficiary == "household" and key is not None:
        place = _household_place(county, key)
        own = actor.user_id is not None and key in {row.id for row in households_of_user(actor.user_id)}
        if own or actor.may("household.read", place=place):
            return
    else:
        place = station(key).place if beneficiary == "station" and key is not None else county
    if not place.startswith(county):
        raise Missing(_("There is no such account in this county."))
    actor.require("settlement.read", place=place)


def _household_place(county: str, household: UUID) -> str:
    label = household_labels([household]).get(household)
    if label is None or label.county != county:
        raise Missing(_("There is no such household."))
    return label.place
