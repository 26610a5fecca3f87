"""Sending what waits: put down as events come, taken, posted side by side, answered for one by one.

A delivery is taken for two minutes before it is posted. A worker that dies in between lets it be sent
again, under the same id: a receiver may see an event twice, and tells by its id. Nothing is written, and no
connection to the database held, while a receiver is waited for.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.kernel.seal import unseal
from countyfair.kernel.verbs import verb
from countyfair.outreach.webhooks.actions.posting import DEADLINE, Answer, post
from countyfair.outreach.webhooks.actions.subscribing import SEALED
from countyfair.outreach.webhooks.models import LOG_LEAST_DAYS, Attempt, Delivery, Subscription
from countyfair.outreach.webhooks.rules import (
    GIVEN_UP,
    KINDS,
    LEASE,
    PUBLIC,
    Reach,
    body_of,
    headers_of,
    next_try,
)
from countyfair.registers.notices.actions import News, tell
from countyfair.registers.people.queries import actor_of

#: Deliveries that one run takes, of one address, and that are posted side by side.
BATCH, EACH, AT_ONCE = 40, 8, 8
#: How long what was sent is kept, so that it can be sent once more.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    subscription: UUID
    county: str
    event: UUID
    body: str
    url: str
    secret: str
    former_secret: str


@verb
def queue(actor: Actor, *, news: Sequence[Delivered[Any]]) -> int:
    """Put events down for every address that asked for them and whose owner may read them now.

    Returns the number put down; what was put down before stays as it is.
    """
    counties = {one.county for one in news}
    asked = list(Subscription.objects.filter(county__in=counties, ended_at=None)) if counties else []
    owners = {key: _owner(key) for key in {row.user_id for row in asked}}
    moment = now()
    made = [
        Delivery(
            subscription_id=row.id, county=row.county, event=one.id, kind=one.event.NAME, body=body_of(one),
            made_at=moment, due_at=moment,
        )
        for one in news
        for row in asked
        if row.county == one.county and one.event.NAME in row.kinds and one.at >= row.made_at
        and _may(owners[row.user_id], row.county, one.event.NAME)
    ]  # fmt: skip
    return len(Delivery.objects.bulk_create(made, ignore_conflicts=True))


def send_due(actor: Actor, *, reach: Reach = PUBLIC, deadline: float = DEADLINE) -> int:
    """Send what is due, side by side, and put down what became of each; how many were taken.

    Args:
        reach: which addresses may be called; anything else than the public ones is for tests.
    """
    due = _take(actor)
    seconds = int(now().timestamp())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(partial(_post, seconds=seconds, reach=reach, deadline=deadline), due)
        return sum(_answer(actor, one=one, answer=said) for one, said in zip(due, answers, strict=True))


@verb
def forget_old(actor: Actor) -> int:
    """Forget what was sent long ago, and the tries of so many days (`COUNTYFAIR_WEBHOOK_LOG_DAYS`); how many.

    What can be sent once more is kept: a body for thirty days, or for as long as it waits. A delivery goes
    once nothing of it is left.
    """
    actor.require("webhook.manage")
    moment = now()
    days = max(LOG_LEAST_DAYS, settings.COUNTYFAIR_WEBHOOK_LOG_DAYS)
    Subscription.objects.filter(former_until__lte=moment).update(former_secret="", former_until=None)
    # Whatever day this house plays, the database lets go of no try that is fresh by its own clock.
    fresh = Now() - timedelta(days=LOG_LEAST_DAYS)
    Attempt.objects.filter(at__lt=moment - timedelta(days=days)).filter(at__lt=fresh).delete()
    done = Delivery.objects.filter(made_at__lt=moment - KEPT).exclude(state="waiting")
    tried = Attempt.objects.filter(delivery_id=OuterRef("pk"))
    done.filter(~Exists(tried)).delete()
    return done.exclude(body="").update(body="")


def _post(one: _Due, *, seconds: int, reach: Reach, deadline: float) -> Answer:
    body = one.body.encode()
    secrets = [unseal(sealed, SEALED) for sealed in (one.secret, one.former_secret) if sealed]
    headers = headers_of(secrets, message=str(one.event), seconds=seconds, body=body)
    return post(one.url, body, headers, reach, deadline)


@verb
def _take(actor: Actor) -> list[_Due]:
    """What is due, the longest waiting first and no more than some of one address, taken for a while.

    What its owner may not read any more is not sent.
    """
    moment = now()
    due = rows(_DUE, [moment, moment, EACH, BATCH], into=_Due)
    Delivery.objects.filter(pk__in=[one.id for one in due]).update(due_at=now() + LEASE)
    held = Subscription.objects.in_bulk([one.subscription for one in due])
    owners = {key: _owner(key) for key in {row.user_id for row in held.values()}}
    kinds = dict(Delivery.objects.filter(pk__in=[one.id for one in due]).values_list("id", "kind"))
    barred = [
        one.id for one in due
        if not _may(owners[held[one.subscription].user_id], one.county, kinds[one.id])
    ]  # fmt: skip
    Delivery.objects.filter(pk__in=barred).update(state="failed")
    return [one for one in due if one.id not in barred]


@verb
def _answer(actor: Actor, *, one: _Due, answer: Answer) -> bool:
    """Put down what became of a try; an address that took nothing for days, or is gone, is given up."""
    moment = now()
    asked = Subscription.objects.select_for_update(no_key=True).get(pk=one.subscription)
    row = Delivery.objects.select_for_update(no_key=True).get(pk=one.id)
    Attempt.objects.create(
        id=uuid7(), delivery_id=one.id, county=one.county, at=moment, outcome=answer.outcome,
        status=answer.status, took_ms=answer.took_ms,
    )  # fmt: skip
    row.tries += 1
    taken = answer.outcome == "taken"
    again = None if taken else next_try(row.tries, moment, random.SystemRandom().random())
    row.state = "delivered" if taken else "waiting" if again else "failed"
    row.due_at = again or moment
    row.save(update_fields=["state", "tries", "due_at"])
    since = None if taken else asked.failing_since or moment
    if since != asked.failing_since:
        asked.failing_since = since
        asked.save(update_fields=["failing_since"])
    if asked.ended_at is None and (answer.outcome == "gone" or (since and moment - since >= GIVEN_UP)):
        _give_up(actor, asked, "gone" if answer.outcome == "gone" else "failing")
    return taken


def _give_up(actor: Actor, asked: Subscription, why: str) -> None:
    """Send nothing more to an address, and tell its owner, once."""
    asked.ended_at, asked.why = now(), why
    asked.save(update_fields=["ended_at", "why"])
    subject = f"{asked.id}:{asked.ended_at.isoformat()}"
    told = News(
        "webhook.given_up", asked.county, subject, f"user:{asked.user_id}", asked.user_id,
        {"address": asked.url.partition("?")[0][:60]},
    )  # fmt: skip
    tell(actor, news=[told])


def _owner(user: UUID) -> Actor:
    """A subscription's owner as they may act now; nobody once they are gone."""
    try:
        return actor_of(user)
    except Missing:
        return Actor.guest("")


def _may(owner: Actor, county: str, kind: str) -> bool:
    return kind in KINDS and all(
        owner.may(power, place=county) for power in ("webhook.manage", KINDS[kind].power)
    )


_DUE = """
SELECT w.id, s.id, w.county, w.event, w.body, s.url, s.secret,
       CASE WHEN s.former_until > %s THEN s.former_secret ELSE '' END
  FROM webhooks_subscription s
 CROSS JOIN LATERAL (
       SELECT d.id, d.county, d.event, d.body, d.due_at FROM webhooks_delivery d
        WHERE d.subscription_id = s.id AND d.state = 'waiting' AND d.due_at <= %s
        ORDER BY d.due_at, d.id LIMIT %s::int FOR UPDATE SKIP LOCKED) w
 WHERE s.ended_at IS NULL ORDER BY w.due_at, w.id LIMIT %s::int
"""
