"""Asking providers about intents whose notice never came. Not verbs: a provider is spoken with
outside any transaction, and what it says goes through the inbox like a notice.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb
from countyfair.trade.payments import queries
from countyfair.trade.payments.actions.taking import Receipt, keep, settle_notice
from countyfair.trade.payments.gateways import GATEWAYS, gateway_called
from countyfair.trade.payments.gateways.shape import Told, Unreachable
from countyfair.trade.payments.rules import FIRST_LOOK, SILENCE

log = logging.getLogger(__name__)

#: How many intents one run of the job asks about.
BATCH = 100


def ask_provider(actor: Actor, *, intent: UUID) -> queries.IntentRow:
    """Ask an unpaid intent's provider now, and take what it holds; answers the intent as it then stands.

    For the page a payer comes back to: a provider that does not answer changes nothing.

    Raises:
        Missing: there is no such intent.
    """
    known = queries.intent(intent)
    if known.state == "paid" or gateway_called(known.gateway).by_hand:
        return known
    try:
        told = gateway_called(known.gateway).look_up(intent)
    except Unreachable as silence:
        log.info("%s says nothing of %s: %s", known.gateway, intent, silence)
        return known
    if told is None:
        return known
    receipt = _keep(actor, gateway=known.gateway, told=told)
    if receipt.notice is not None:
        settle_notice(actor, notice=receipt.notice)
    return queries.intent(intent)


def look_at_silent_intents() -> int:
    """The job: ask about intents that nobody told us of, ever more rarely; answers how many were paid.

    Closed ones are asked about too, for a day: money may have been taken in the last moment.
    """
    actor = Actor.system("payments.look_at_silent_intents")
    paid = 0
    for intent in close_silence(actor):
        known = ask_provider(actor, intent=intent)
        paid += known.state == "paid"
        if known.state in ("cancelled", "expired"):
            _close(known)
    return paid


def _close(known: queries.IntentRow) -> None:
    """Have the provider take no more money; what it took before is told or looked up, and is late."""
    try:
        gateway_called(known.gateway).close(known.id)
    except Unreachable as silence:
        log.info("%s does not close %s: %s", known.gateway, known.id, silence)


@verb
def close_silence(actor: Actor) -> list[UUID]:
    """Mark the unpaid intents that are due to be asked about as looked at, and answer them."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE payments_intent SET looked_at = %(moment)s
             WHERE id IN (SELECT id FROM payments_intent
                           WHERE state <> 'paid' AND gateway = ANY(%(gateways)s::text[])
                             AND opened_at BETWEEN %(oldest)s AND %(newest)s
                             AND (looked_at IS NULL
                                  OR looked_at < %(moment)s - greatest(
                                         (%(moment)s - opened_at) / 4, make_interval(secs => %(first)s)))
                           ORDER BY id LIMIT %(limit)s::int FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id""",
            {
                "moment": moment,
                "gateways": [name for name, gateway in GATEWAYS.items() if not gateway.by_hand],
                "oldest": moment - SILENCE,
                "newest": moment - FIRST_LOOK,
                "first": int(FIRST_LOOK.total_seconds()),
                "limit": BATCH,
            },
        )
        return [row[0] for row in cursor.fetchall()]


@verb
def _keep(actor: Actor, *, gateway: str, told: Told) -> Receipt:
    return keep(gateway, told, now())
