"""Statements: what one beneficiary was owed, earned and was paid, re-added against the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.rows import one, rows
from countyfair.registers.ledger.rules import PAYABLE
from countyfair.trade.settlement.rules import Statement, StatementLine

JOINS = ("people", "stations", "ledger", "orders")

# A line's own share and what weighing changed of it were earned at once: they are one line here. Grams
# are those of the lot in the end; a share that changed by less than a fen was not earned again.
_LINES = """
SELECT e.earned_at, e.what, coalesce(o.number, back.number, ''),
       coalesce(l.name_zh, ''), coalesce(l.name_en, ''), coalesce(l.label_zh, ''), coalesce(l.label_en, ''),
       coalesce(l.quantity, 0),
       coalesce(CASE WHEN bool_or(s.bill_id IS NULL AND s.refund_id IS NULL)
                     THEN (SELECT sum(x.lot_amount) FROM orders_share x
                            WHERE x.order_id = o.id AND x.line_id = l.id AND x.lot_id = s.lot_id
                              AND x.beneficiary = e.beneficiary AND x.refund_id IS NULL)
                     ELSE 0 END, 0)::bigint,
       coalesce(l.unit, ''), coalesce(w.billed_fen, l.amount_fen, 0), sum(e.amount_fen)::bigint,
       coalesce(max(s.grade), ''), coalesce(max(s.factor_milli), 1000),
       CASE WHEN s.claim_id IS NOT NULL THEN 'claim: ' || max(q.kind)
            WHEN o.gateway = 'replacement' THEN 'claim: replacement'
            ELSE coalesce(max(f.reason) FILTER (WHERE starts_with(f.reason, 'claim: ')), '') END,
       coalesce(-sum(e.amount_fen) FILTER (WHERE s.discount_id IS NOT NULL AND s.refund_id IS NULL),
                0)::bigint
  FROM settlement_earning e
  LEFT JOIN orders_order o ON o.id = nullif(e.order_key, '')::uuid
  LEFT JOIN orders_line l ON l.id = nullif(e.line_key, '')::uuid
  LEFT JOIN orders_billline w ON w.line_id = l.id
  LEFT JOIN orders_share s ON s.id = CASE WHEN e.what <> 'returned' THEN substr(e.source, 7)::uuid END
  LEFT JOIN orders_refund f ON f.id = s.refund_id
  LEFT JOIN orders_claim q ON q.id = s.claim_id
  LEFT JOIN settlement_payout back
    ON back.id = CASE WHEN e.what = 'returned' THEN substr(e.source, 10)::uuid END
 WHERE {condition}
 GROUP BY e.earned_at, e.what, e.beneficiary, o.id, l.id, w.billed_fen, s.lot_id, s.refund_id, s.claim_id,
          back.id"""

_EARNED = _LINES.format(
    condition="""e.county = %(county)s AND e.beneficiary = %(beneficiary)s AND e.owner = %(owner)s
   AND e.currency = %(currency)s AND e.earned_at >= %(since)s AND e.earned_at < %(before)s"""
)

_PAID = """
SELECT b.sent_at, 'payout', p.number, '', '', '', '', 0, 0, '', 0, -p.amount_fen, '', 1000, '', 0
  FROM settlement_payout p JOIN settlement_batch b ON b.id = p.batch_id
 WHERE p.county = %(county)s AND p.beneficiary = %(beneficiary)s AND p.owner = %(owner)s
   AND p.currency = %(currency)s AND p.state IN ('sent', 'paid', 'returned')
   AND b.sent_at >= %(since)s AND b.sent_at < %(before)s"""

#: Who a beneficiary is, and what it was owed at both ends. The county and its carrier are the county.
_STANDING = """
WITH who AS (
    SELECT number AS name, place, coalesce(user_id = %(user)s::uuid, false) AS own FROM people_household
     WHERE %(beneficiary)s = 'household' AND id = %(key)s::uuid AND county = %(county)s
    UNION ALL
    SELECT name, place, false FROM stations_station
     WHERE %(beneficiary)s = 'station' AND id = %(key)s::uuid AND county = %(county)s
    UNION ALL
    SELECT '', %(county)s, false WHERE %(beneficiary)s NOT IN ('household', 'station')
), booked AS (
    SELECT -coalesce(sum(p.amount_fen) FILTER (WHERE e.booked_at < %(since)s::timestamptz), 0) AS opening,
           -coalesce(sum(p.amount_fen) FILTER (WHERE e.booked_at < %(before)s::timestamptz), 0) AS closing
      FROM ledger_account a
      JOIN ledger_posting p ON p.account_id = a.id
      JOIN ledger_entry e ON e.id = p.entry_id
     WHERE a.county = %(county)s AND a.code = %(code)s AND a.owner = %(owner)s AND a.currency = %(currency)s
)
SELECT who.name, who.place, who.own, booked.opening::bigint, booked.closing::bigint
  FROM who CROSS JOIN booked"""


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
    window: dict[str, object] = {
        "since": since,
        "before": before,
        "code": PAYABLE[beneficiary],
        "currency": currency,
    }
    found = _standing(actor, county, beneficiary, owner, window)
    whose = {"county": county, "beneficiary": beneficiary, "owner": owner, **window}
    lines = rows(f"{_EARNED} UNION ALL {_PAID} ORDER BY 1, 3", whose, into=StatementLine)
    return Statement(
        county,
        beneficiary,
        owner,
        currency,
        since,
        before,
        opening_fen=found.opening_fen,
        lines=tuple(lines),
        booked_fen=found.booked_fen,
        name=found.name,
        place=found.place,
    )


def paid_out(
    actor: Actor, *, county: str, owner: str, beneficiary: str = "household", limit: int = 50
) -> list[PaidOut]:
    """An owner's payouts, newest first; who may see them as for `statement`.

    Raises:
        Forbidden: neither its own nor allowed.
    """
    ever: dict[str, object] = {"since": None, "before": None, "code": PAYABLE[beneficiary], "currency": "CNY"}
    _standing(actor, county, beneficiary, owner, ever)
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
    return rows(
        f"{_LINES.format(condition=condition)} ORDER BY e.earned_at, min(e.id::text)",
        params,
        into=StatementLine,
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """Who it is, whether it is the actor's own, and what was owed at both ends."""

    name: str
    place: str
    own: bool
    opening_fen: int
    booked_fen: int


def _standing(
    actor: Actor, county: str, beneficiary: str, owner: str, window: dict[str, object]
) -> _Standing:
    """Look the beneficiary up and refuse whoever may not see its money."""
    found = one(
        _STANDING,
        {
            "county": county,
            "beneficiary": beneficiary,
            "owner": owner,
            "key": parse_uuid(owner),
            "user": actor.user_id,
            **window,
        },
        into=_Standing,
        missing=_("There is no such account in this county."),
    )
    by_place = beneficiary == "household" and actor.may("household.read", place=found.place)
    if not found.own and not by_place:
        actor.require("settlement.read", place=found.place)
    return found
