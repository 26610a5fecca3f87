"""Asking for events, ending it, taking it up again, and sending something once more."""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.seal import seal
from countyfair.kernel.verbs import verb
from countyfair.outreach.webhooks.actions.posting import PrivateAddress, numbers
from countyfair.outreach.webhooks.models import Delivery, Subscription
from countyfair.outreach.webhooks.rules import KINDS, PUBLIC, Reach, new_secret, target_of

#: What secrets are sealed for (see `kernel.seal`).
SEALED = "webhooks.secret"
#: So long an old secret signs beside a new one.
OVERLAP = timedelta(days=1)
#: The most addresses of a county that hear something at a time.
MOST = 20
_PRIVATE = _("This address leads into a private network. Enter one on the internet.")


@dataclass(frozen=True, slots=True)
class Made:
    """A new subscription; `secret` is its text, shown now and never again."""

    id: UUID
    secret: str


def subscribe(
    actor: Actor, *, subscription: UUID, county: str, url: str, kinds: Collection[str], reach: Reach = PUBLIC
) -> Made:
    """Ask for some kinds of a county's events to be sent to an address, from now on.

    Args:
        subscription: its id, made by the caller; a form sent twice makes one.
        kinds: of `rules.KINDS`.

    Raises:
        Forbidden: nobody who signs in, no `webhook.manage` there, or a kind that the actor may not read.
        Invalid: an address that may not be called, no kind or an unknown one.
        Conflict: it was made before (the secret is shown once), or there are too many.
    """
    url = url.strip()
    target = target_of(url, reach)
    actor.require("webhook.manage", place=county)
    try:
        numbers(target.host, target.port, reach)
    except PrivateAddress:
        raise Invalid(_PRIVATE, field="url") from None
    except (socket.gaierror, ValueError):
        pass  # a name that nobody knows yet: it is judged at each call
    return _subscribe(actor, subscription=subscription, county=county, url=url, kinds=kinds)


@verb
def _subscribe(actor: Actor, *, subscription: UUID, county: str, url: str, kinds: Collection[str]) -> Made:
    actor.require("webhook.manage", place=county)
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    chosen = [kind for kind in KINDS if kind in kinds]
    if not chosen or set(kinds) - set(chosen):
        raise Invalid(_("Choose what the address is to hear."), field="kinds")
    for kind in chosen:
        actor.require(KINDS[kind].power, place=county)
    if Subscription.objects.filter(pk=subscription).exists():
        raise Conflict(_("This was made before, and its secret is shown once. Make another one."))
    if Subscription.objects.filter(county=county, ended_at=None).count() >= MOST:
        raise Conflict(_("Twenty addresses hear this county's events. End one that is not needed."))
    secret = new_secret()
    Subscription.objects.create(
        id=subscription, county=county, user_id=actor.user_id, url=url, kinds=chosen,
        secret=seal(secret, SEALED), made_at=now(),
    )  # fmt: skip
    return Made(subscription, secret)


@verb
def end(actor: Actor, *, county: str, subscription: UUID) -> None:
    """Send nothing more to an address, for good. Repeatable.

    Raises:
        Forbidden: no `webhook.manage` there.
        Missing: none of this county's.
    """
    row = _of(actor, county, subscription)
    if row.why != "owner":
        row.ended_at, row.why = row.ended_at or now(), "owner"
        row.save(update_fields=["ended_at", "why"])


@verb
def take_up(actor: Actor, *, county: str, subscription: UUID) -> None:
    """Send again to an address that was given up. What failed meanwhile is sent by `replay`. Repeatable.

    Raises:
        Forbidden, Missing: as `end`.
        Conflict: it was ended for good.
    """
    row = _of(actor, county, subscription)
    if row.why == "owner":
        raise Conflict(_("It was ended for good. Make a new one."))
    if row.ended_at is not None:
        row.ended_at, row.why, row.failing_since = None, "", None
        row.save(update_fields=["ended_at", "why", "failing_since"])


@verb
def rotate(actor: Actor, *, county: str, subscription: UUID, at_once: bool = False) -> Made:
    """Give an address a new secret. The old one signs beside it for a day, so that nothing is lost meanwhile.

    Args:
        at_once: the old one is not to be trusted any more, and signs nothing from now on.

    Raises:
        Forbidden, Missing: as `end`.
        Conflict: it was ended for good, or rotated less than a day ago and not `at_once`.
    """
    row = _of(actor, county, subscription)
    moment = now()
    if row.why == "owner":
        raise Conflict(_("It was ended for good. Make a new one."))
    if not at_once and row.former_until is not None and row.former_until > moment:
        raise Conflict(_("It got a new secret less than a day ago, and the old one still signs beside it."))
    secret = new_secret()
    row.former_secret, row.former_until = ("", None) if at_once else (row.secret, moment + OVERLAP)
    row.secret = seal(secret, SEALED)
    row.save(update_fields=["secret", "former_secret", "former_until"])
    return Made(subscription, secret)


@verb
def replay(actor: Actor, *, county: str, delivery: UUID) -> None:
    """Send one event once more, now, as it was sent before and under the same id; whatever became of it.

    Raises:
        Forbidden: no `webhook.manage` there.
        Missing: none of this county's.
        Conflict: its address hears nothing more, or it is too old.
    """
    actor.require("webhook.manage", place=county)
    row = Delivery.objects.select_for_update().filter(pk=delivery, county=county).first()
    if row is None:
        raise Missing(_("There is no such delivery."))
    if Subscription.objects.get(pk=row.subscription_id).ended_at is not None:
        raise Conflict(_("Its address hears nothing more. Take it up again first."))
    if not row.body:
        raise Conflict(_("This is too old: what was sent is not kept any more."))
    row.state, row.tries, row.due_at = "waiting", 0, now()
    row.save(update_fields=["state", "tries", "due_at"])


def _of(actor: Actor, county: str, subscription: UUID) -> Subscription:
    actor.require("webhook.manage", place=county)
    row = Subscription.objects.select_for_update(no_key=True).filter(pk=subscription, county=county).first()
    if row is None:
        raise Missing(_("There is no such webhook."))
    return row
