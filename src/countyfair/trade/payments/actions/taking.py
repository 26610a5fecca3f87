"""Taking money in: notices of providers, and cash at a counter.

A notice is kept as it came before anything is decided on it, and settled in a transaction of its
own: what fails there is tried again by the job, and the provider has long had its answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.stations.queries import station as station_row
from countyfair.trade.payments.actions.refunding import hear_of_refund
from countyfair.trade.payments.gateways import gateway_called
from countyfair.trade.payments.gateways.shape import Forged, GivenBack, Told
from countyfair.trade.payments.models import Capture, Intent, Notice
from countyfair.trade.payments.rules import WAITING, notice_outcome

log = logging.getLogger(__name__)

#: How many notices one run of the job settles.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a notice on arrival: its row, and whether it was `kept`, `known` or `forged`."""

    notice: UUID | None
    answer: str


@verb
def receive_notice(actor: Actor, *, gateway: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Keep a provider's notice, once per its key. Whoever asks: the signature decides.

    A forged one is kept too, for people to see, but at most 256 a day and gateway, and never
    under the key that it claims.

    Raises:
        Invalid: there is no such gateway.
    """
    moment = now()
    try:
        told = gateway_called(gateway).read(headers, body, moment=moment)
    except Forged as forgery:
        _keep_forged(gateway, body, str(forgery), moment)
        return Receipt(None, "forged")
    return keep(gateway, told, moment) if told else Receipt(None, "known")


def keep(gateway: str, told: Told | GivenBack, moment: datetime) -> Receipt:
    """Put what a provider said into the inbox, within the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_notice (id, gateway, provider_key, intent_key, county, body,"
            " received_at, outcome)"
            " VALUES (%s, %s, %s, %s, '', %s::jsonb, %s, %s) ON CONFLICT (gateway, provider_key) DO"
            " NOTHING RETURNING id",
            [
                uuid7(),
                gateway,
                told.key,
                told.intent if isinstance(told, Told) else None,
                json.dumps(_said(told), ensure_ascii=False),
                moment,
                WAITING,
            ],
        )
        row = cursor.fetchone()
    return Receipt(row[0], "kept") if row else Receipt(None, "known")


@verb
def settle_notice(actor: Actor, *, notice: UUID) -> str:
    """Do what a kept notice says; answers its outcome (`payments_take`), `waiting` where it must wait.

    Again, or while another worker is at it, nothing happens.
    """
    kept = Notice.objects.select_for_update(skip_locked=True).filter(id=notice, outcome=WAITING).first()
    if kept is None:
        return WAITING
    moment = now()
    said = kept.body
    if kept.intent_key is None:
        taken = hear_of_refund(
            actor, UUID(said["refund"]), kept.gateway, amount_fen=said["amount_fen"], refused=said["refused"]
        )
    else:
        taken = _take(
            kept.intent_key, kept.gateway, said["payment"], said["amount_fen"], said["currency"], None, moment
        )
    outcome = notice_outcome(taken, kept.received_at, moment)
    if outcome != WAITING:
        county = Intent.objects.filter(id=OuterRef("intent_key")).values("county")
        Notice.objects.filter(id=notice).update(
            outcome=outcome, settled_at=moment, county=Coalesce(Subquery(county), Value(""))
        )
    return outcome


def settle_waiting_notices() -> int:
    """The job: settle what waits in the inbox, each in its own transaction; answers how many are done."""
    waiting = list(
        Notice.objects.filter(outcome=WAITING).order_by("received_at").values_list("id", flat=True)[:BATCH]
    )
    done = 0
    for notice in waiting:
        try:
            done += settle_notice(Actor.system("payments.settle_notices"), notice=notice) != WAITING
        except DatabaseError:
            log.exception("notice %s could not be settled and waits", notice)
    return done


@verb
def take_cash(actor: Actor, *, intent: UUID, station: UUID) -> None:
    """Take an intent's whole sum in cash into a station's till; pressed twice it is taken once.

    Needs `counter.take` at the station's place.

    Raises:
        Forbidden: no such power there.
        Missing: no such station or intent.
        Invalid: the station is closed or of another county, or the intent is not to be paid by cash.
        Conflict: cancelled, past its time, or paid at another counter.
    """
    where = station_row(station)
    actor.require("counter.take", place=where.place)
    known = Intent.objects.select_for_update(no_key=True).filter(id=intent).first()
    if known is None:
        raise Missing(_("There is no such payment."))
    if not gateway_called(known.gateway).by_hand:
        raise Invalid(_("This is to be paid online, not at the counter."), field="gateway")
    if known.county != where.county or not where.is_open:
        raise Invalid(_("Choose an open station of the county that sells this."), field="station")
    if known.state in ("cancelled", "expired"):
        raise Conflict(
            _("The time to pay is over. Do not take the money; please order again."), code=known.state
        )
    taken = _take(intent, known.gateway, str(intent), known.amount_fen, known.currency, station, now())
    here = Capture.objects.filter(intent_id=intent, station_id=station)
    if taken not in ("captured", "repeated") or (taken == "repeated" and not here.exists()):
        raise Conflict(_("This is paid already. Do not take the money again."), code="paid")


def _take(
    intent: UUID | None,
    gateway: str,
    payment: str,
    amount_fen: int,
    currency: str,
    station: UUID | None,
    moment: datetime,
) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_take(%s, %s, %s, %s, %s::bigint, %s, %s, %s)",
            [uuid7(), intent, gateway, payment, amount_fen, currency, station, moment],
        )
        return str(cursor.fetchone()[0])


def _said(told: Told | GivenBack) -> dict[str, object]:
    if isinstance(told, GivenBack):
        return {
            **told.body, "refund": str(told.refund), "amount_fen": told.amount_fen, "refused": told.refused,
        }  # fmt: skip
    return {**told.body, "payment": told.payment, "amount_fen": told.amount_fen, "currency": told.currency}


def _keep_forged(gateway: str, body: bytes, why: str, moment: datetime) -> None:
    key = f"forged:{moment:%Y-%m-%d}:{hashlib.sha256(body).hexdigest()[:2]}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_notice (id, gateway, provider_key, county, body, received_at,"
            " outcome, settled_at)"
            " VALUES (%s, %s, %s, '', %s::jsonb, %s, 'forged', %s) ON CONFLICT (gateway,"
            " provider_key) DO NOTHING",
            [uuid7(), gateway, key, json.dumps({"why": why, "bytes": len(body)}), moment, moment],
        )
