"""Asking for money. Orders open theirs by `payments_open` in the statement that places them."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.verbs import verb
from countyfair.trade.payments import queries
from countyfair.trade.payments.gateways import gateway_called
from countyfair.trade.payments.gateways.shape import Asked, Unreachable

log = logging.getLogger(__name__)

#: What `payments_open` raises when an intent is known with other content.
OTHER_CONTENT = "PY409"


@verb
def open_intent(
    actor: Actor,
    *,
    intent: UUID,
    county: str,
    reference: str,
    gateway: str,
    amount_fen: int,
    expires_at: datetime | None = None,
    currency: str = "CNY",
) -> None:
    """Ask for a sum through a gateway, once per intent; for rooms above.

    Raises:
        Invalid: there is no such gateway.
        Conflict: the intent is known with other content.
    """
    gateway_called(gateway)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT payments_open(%s, %s, %s, %s, %s::bigint, %s, %s, %s)",
                [intent, county, reference, gateway, amount_fen, currency, now(), expires_at],
            )
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == OTHER_CONTENT:
            raise Conflict(_("This payment was asked for before with other content.")) from error
        raise


def payment_link(intent: UUID, *, back: str, notify: str, subject: str = "", address: str = "") -> str | None:
    """Where the payer of an awaiting intent goes to pay; None where they pay by hand. Writes nothing.

    Args:
        back: absolute address to which the provider sends the payer afterwards.
        notify: absolute address to which the provider sends its notices.
        subject: what the provider shows the payer as paid for; by default the reference.
        address: the payer's network address, which some providers hold against who then pays.

    Raises:
        Missing: there is no such intent.
        Conflict: it is paid, cancelled, its time is over, or the provider gives no answer.
    """
    asked, gateway = _awaited(intent, subject)
    return first_link(asked, gateway, back=back, notify=notify, address=address)


def first_link(asked: Asked, gateway: str, *, back: str, notify: str, address: str = "") -> str | None:
    """Where the payer goes for what was asked for just now, and so is awaited; no table is read.

    None where they pay by hand. For an intent of before, `payment_link`.

    Raises:
        Conflict: the provider gives no answer.
    """
    try:
        return gateway_called(gateway).link(asked, back=back, notify=notify, address=address)
    except Unreachable as silence:
        raise _silent(gateway, asked, silence) from silence


def payment_code(intent: UUID, *, notify: str, subject: str = "") -> str | None:
    """What a QR code must say for a phone to pay an awaiting intent; None where there is no such way.

    Raises:
        Missing, Conflict: as `payment_link`.
    """
    asked, gateway = _awaited(intent, subject)
    try:
        return gateway_called(gateway).code(asked, notify=notify)
    except Unreachable as silence:
        raise _silent(gateway, asked, silence) from silence


def _awaited(intent: UUID, subject: str) -> tuple[Asked, str]:
    asked = queries.intent(intent)
    if asked.state == "paid":
        raise Conflict(_("This is paid already."), code="paid")
    if asked.state != "awaiting" or (asked.expires_at is not None and asked.expires_at <= now()):
        raise Conflict(_("The time to pay is over. Please order again."), code="expired")
    just = Asked(asked.id, asked.reference, asked.amount_fen, asked.currency, asked.expires_at, subject)
    return just, asked.gateway


def _silent(gateway: str, asked: Asked, silence: Unreachable) -> Conflict:
    log.warning("%s makes no payment of %s: %s", gateway, asked.intent, silence)
    return Conflict(_("The payment provider does not answer. Please try again soon."), code="provider_silent")
