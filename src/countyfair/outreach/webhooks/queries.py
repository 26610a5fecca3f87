"""Which addresses hear a county's events, and the log of what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import column, one, rows

NO_DELIVERY = _("There is no such delivery.")


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """An address that hears events; an old secret signs too until `former_until`.

    `why` it ended: `owner`, `failing` or `gone`; "" while it hears.
    """

    id: UUID
    county: str
    user_id: UUID
    url: str
    kinds: Sequence[str]
    made_at: datetime
    failing_since: datetime | None
    ended_at: datetime | None
    why: str
    former_until: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """An event sent to an address; `event` is its message's id, `body` what is sent, "" once it is old.

    `outcome` and `status` are those of the last try: "" and 0 before the first.
    """

    id: UUID
    event: UUID
    kind: str
    body: str
    state: str
    tries: int
    made_at: datetime
    due_at: datetime
    outcome: str
    status: int


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try. `outcome` as `actions.posting.Answer` says; `status` 0 without an answer."""

    id: UUID
    at: datetime
    outcome: str
    status: int
    took_ms: int


def webhooks(actor: Actor, *, county: str, before: UUID | None = None, limit: int = 50) -> list[WebhookRow]:
    """Addresses of a county, the newest first; one statement.

    Raises:
        Forbidden: no `webhook.read` there.
    """
    actor.require("webhook.read", place=county)
    return rows(
        f"{_WEBHOOK} WHERE county = %s AND (%s::uuid IS NULL OR id < %s::uuid)"
        " ORDER BY id DESC LIMIT %s::int",
        [county, before, before, limit],
        into=WebhookRow,
    )


def webhook(actor: Actor, *, county: str, subscription: UUID) -> WebhookRow:
    """One address of a county.

    Raises:
        Forbidden: no `webhook.read` there.
        Missing: none of this county's.
    """
    actor.require("webhook.read", place=county)
    return one(
        f"{_WEBHOOK} WHERE county = %s AND id = %s::uuid", [county, subscription], into=WebhookRow,
        missing=_("There is no such webhook."),
    )  # fmt: skip


def deliveries(
    actor: Actor,
    *,
    county: str,
    subscription: UUID,
    state: str = "",
    before: UUID | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """What was sent to an address, the latest first; one statement.

    Raises:
        Forbidden: no `webhook.read` there.
    """
    actor.require("webhook.read", place=county)
    values = {"county": county, "of": subscription, "state": state, "before": before, "limit": limit}
    return rows(f"{_DELIVERIES} ORDER BY d.id DESC LIMIT %(limit)s::int", values, into=DeliveryRow)


def delivery(actor: Actor, *, county: str, delivery: UUID) -> tuple[UUID, DeliveryRow, list[AttemptRow]]:
    """The address of a delivery, the delivery, and every try of it.

    Raises:
        Forbidden: no `webhook.read` there.
        Missing: none of this county's.
    """
    actor.require("webhook.read", place=county)
    whose = _whose(delivery, county)
    values = {"county": county, "of": whose, "state": "", "before": None, "delivery": delivery}
    row = one(f"{_DELIVERIES} AND d.id = %(delivery)s::uuid", values, into=DeliveryRow, missing=NO_DELIVERY)
    return whose, row, attempts(actor, county=county, delivery=delivery)


def attempts(actor: Actor, *, county: str, delivery: UUID) -> list[AttemptRow]:
    """Every try of a delivery, the first first.

    Raises:
        Forbidden: no `webhook.read` there.
        Missing: none of this county's.
    """
    actor.require("webhook.read", place=county)
    _whose(delivery, county)
    return rows(_ATTEMPTS, [delivery], into=AttemptRow)


def _whose(delivery: UUID, county: str) -> UUID:
    """The subscription that a delivery of this county is for."""
    found = column(_WHOSE, [delivery, county], of=UUID)
    if not found:
        raise Missing(NO_DELIVERY)
    return found[0]


_WHOSE = "SELECT subscription_id FROM webhooks_delivery WHERE id = %s::uuid AND county = %s"
_ATTEMPTS = """
SELECT id, at, outcome, status, took_ms FROM webhooks_attempt WHERE delivery_id = %s::uuid ORDER BY id
"""
_WEBHOOK = """
SELECT id, county, user_id, url, kinds, made_at, failing_since, ended_at, why, former_until
  FROM webhooks_subscription
"""
_DELIVERIES = """
SELECT d.id, d.event, d.kind, d.body, d.state, d.tries, d.made_at, d.due_at, coalesce(a.outcome, ''),
       coalesce(a.status, 0)
  FROM webhooks_delivery d
  LEFT JOIN LATERAL (SELECT outcome, status FROM webhooks_attempt a WHERE a.delivery_id = d.id
                      ORDER BY a.id DESC LIMIT 1) a ON true
 WHERE d.county = %(county)s AND d.subscription_id = %(of)s::uuid AND (%(state)s = '' OR d.state = %(state)s)
   AND (%(before)s::uuid IS NULL OR d.id < %(before)s::uuid)
"""
