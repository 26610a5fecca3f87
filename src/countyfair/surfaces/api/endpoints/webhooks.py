"""Addresses that hear a county's events, and the log of what was sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from countyfair.outreach.webhooks import actions, queries
from countyfair.outreach.webhooks.queries import AttemptRow, DeliveryRow, WebhookRow
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, Given, Text, listed, paged, shape

routes = Routes()


@dataclass(frozen=True, slots=True)
class Shown:
    """A new webhook; `secret` signs what it is sent, and is shown now and never again."""

    webhook: WebhookRow
    secret: str


WEBHOOK = shape("Webhook", WebhookRow, leaves=("user_id",))
WEBHOOKS = paged("Webhook", WebhookRow, leaves=("user_id",))
MADE = shape("WebhookMade", Shown, leaves=("user_id",))
DELIVERIES = paged("Delivery", DeliveryRow)
ATTEMPTS = listed("Attempt", AttemptRow)


class Wanted(Given):
    """An address on the internet, by https, and the kinds of events that it is to hear."""

    id: UUID
    url: Text
    kinds: list[Text]


class Rotated(Given):
    """`at_once`: the old secret is not to be trusted any more, and signs nothing from now on."""

    at_once: bool = False


@routes.reads("/counties/{county}/webhooks", WEBHOOKS, scope="webhooks.read")
def webhooks(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[WebhookRow]:
    """Addresses that hear a county's events, the newest first."""
    rows = queries.webhooks(call.actor, county=county, before=cursors.key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.id,))


@routes.writes("/counties/{county}/webhooks", MADE, scope="webhooks.write", makes=True)
def add_webhook(call: Call, county: County, body: Wanted) -> Shown:
    """Have some kinds of events sent to an address from now on."""
    made = actions.subscribe(call.actor, subscription=body.id, county=county, url=body.url, kinds=body.kinds)
    return Shown(webhook(call, county, body.id), made.secret)


@routes.reads("/counties/{county}/webhooks/{webhook}", WEBHOOK, scope="webhooks.read")
def webhook(call: Call, county: County, webhook: UUID) -> WebhookRow:
    """One address."""
    return queries.webhook(call.actor, county=county, subscription=webhook)


_one = webhook


@routes.writes("/counties/{county}/webhooks/{webhook}/rotate", MADE, scope="webhooks.write")
def rotate_webhook(call: Call, county: County, webhook: UUID, body: Rotated) -> Shown:
    """Give an address a new secret; for a day the old one signs beside it."""
    made = actions.rotate(call.actor, county=county, subscription=webhook, at_once=body.at_once)
    return Shown(_one(call, county, webhook), made.secret)


@routes.writes("/counties/{county}/webhooks/{webhook}/end", WEBHOOK, scope="webhooks.write")
def end_webhook(call: Call, county: County, webhook: UUID) -> WebhookRow:
    """Send nothing more to an address, for good."""
    actions.end(call.actor, county=county, subscription=webhook)
    return _one(call, county, webhook)


@routes.writes("/counties/{county}/webhooks/{webhook}/take-up", WEBHOOK, scope="webhooks.write")
def take_up_webhook(call: Call, county: County, webhook: UUID) -> WebhookRow:
    """Send again to an address that was given up."""
    actions.take_up(call.actor, county=county, subscription=webhook)
    return _one(call, county, webhook)


@routes.reads("/counties/{county}/webhooks/{webhook}/deliveries", DELIVERIES, scope="webhooks.read")
def deliveries(
    call: Call,
    county: County,
    webhook: UUID,
    state: Literal["", "waiting", "delivered", "failed"] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[DeliveryRow]:
    """What was sent to an address, the latest first, and what became of it."""
    _one(call, county, webhook)
    rows = queries.deliveries(
        call.actor,
        county=county,
        subscription=webhook,
        state=state,
        before=cursors.key(cursor),
        limit=limit + 1,
    )
    return cursors.page(rows, limit, lambda row: (row.id,))


@routes.reads("/counties/{county}/deliveries/{delivery}/attempts", ATTEMPTS, scope="webhooks.read")
def attempts(call: Call, county: County, delivery: UUID) -> dict[str, object]:
    """Every try of one delivery, the first first."""
    return {"items": queries.attempts(call.actor, county=county, delivery=delivery)}


@routes.writes("/counties/{county}/deliveries/{delivery}/replay", scope="webhooks.write")
def replay(call: Call, county: County, delivery: UUID) -> None:
    """Send one event once more, as it was sent before and under the same id."""
    actions.replay(call.actor, county=county, delivery=delivery)
