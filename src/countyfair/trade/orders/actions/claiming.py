"""A buyer claims: what is wrong with which packs, with photos; sent when whole, withdrawn if not meant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.seal import blind, seal
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.rules.pictures import redrawn
from countyfair.trade.orders.actions.advancing import locked, locked_all, standing
from countyfair.trade.orders.actions.billing import packs_of, sent_of
from countyfair.trade.orders.events import Claimed
from countyfair.trade.orders.models import Claim, ClaimPhoto, ClaimStep, Line, Order, Replacement, ShareTerms
from countyfair.trade.orders.rules.claims import (
    KINDS,
    LIFE,
    MOST_CLAIMS,
    MOST_PHOTOS,
    MOST_WORDS,
    MOVED_ON,
    STANDS,
    WISHES,
    claimable_until,
    noticed_where,
    packs_touched,
)
from countyfair.trade.orders.rules.life import next_state
from countyfair.trade.orders.rules.timing import KEEP_CONTACT

_NONE_SUCH = _("There is no such claim.")


@verb
def begin_claim(
    actor: Actor,
    *,
    claim_id: UUID,
    order_id: UUID,
    line_id: UUID,
    kind: str,
    amount: int,
    on_receipt: bool,
    words: str,
    wish: str = "money",
    token: str = "",
) -> None:
    """Begin a claim on so much of a delivered line; it is heard once sent. The same again changes nothing.

    Args:
        claim_id: made with the form.
        kind: one of `rules.claims.KINDS`.
        amount: base units that are not as they should be, of what was packed.
        on_receipt: noticed when it was taken over, not later at home.
        words: what the buyer says, sealed.
        wish: one of `rules.claims.WISHES`; the county decides.
        token: of the order's link, for a buyer without log-in.

    Raises:
        Forbidden: not its buyer.
        Missing: no such order or line.
        Invalid: a kind or an amount that cannot be, or no words.
        Conflict: not delivered, or too long ago; all of it is claimed already; the id was used otherwise.
    """
    order = _of_buyer(actor, order_id, token)
    said = (str(order_id), str(line_id), kind, amount, on_receipt, words, wish)
    content = blind(repr(said), "order.claim")
    if (known := Claim.objects.filter(id=claim_id).first()) is not None:
        if known.content != content:
            raise Conflict(_("This claim was entered before with other content."), code="id_used")
        return
    line = Line.objects.filter(id=line_id, order_id=order_id).first()
    if line is None:
        raise Missing(_("There is no such line in this order."))
    _check_words(kind, words, wish)
    delivered_at = _require_open(order, line)
    sent, packs = sent_of(order)[line.id], packs_of(line)
    _require_unclaimed(line, amount, sent)
    noticed = noticed_where(kind, on_receipt=on_receipt, is_pickup=order.fulfilment == "pickup")
    claim = Claim.objects.create(
        id=claim_id, order_id=order_id, line_id=line_id, county=order.county, kind=kind, noticed=noticed,
        packs=packs_touched(amount, packs, sent), amount=amount, content=content, wish=wish,
        sealed=seal(words.strip(), "order.claim"), delivered_at=delivered_at, begun_at=now(),
    )  # fmt: skip
    _step(claim, "begin", "")


@verb
def add_claim_photo(actor: Actor, *, photo_id: UUID, claim_id: UUID, data: bytes, token: str = "") -> None:
    """Show a picture with a claim, until it is answered: drawn anew, without what the camera wrote into it.

    Args:
        photo_id: made with the form; the same again changes nothing.
        data: the file as it was sent, under the rules of photos: `catalog.rules.pictures`.

    Raises:
        Forbidden, Missing: not its buyer, no such claim.
        Invalid: no picture that we take.
        Conflict: six are there, it was answered, or the id was used for another one.
    """
    claim, _order = locked_claim(actor, claim_id, token=token)
    picture = redrawn(data)
    first = ClaimPhoto.objects.filter(id=photo_id).first()
    if first is not None:
        if (first.claim_id, first.digest) != (claim_id, picture.digest):
            raise Conflict(_("This was entered before with another picture."))
        return
    if claim.state not in ("begun", "asked"):
        raise Conflict(MOVED_ON, details={"state": claim.state})
    there = ClaimPhoto.objects.filter(claim_id=claim_id)
    if there.filter(digest=picture.digest).exists():
        return
    if there.count() >= MOST_PHOTOS:
        raise Conflict(_("A claim has at most 6 photos."), code="photos")
    ClaimPhoto.objects.create(
        id=photo_id, claim_id=claim_id, county=claim.county, digest=picture.digest, width=picture.width,
        height=picture.height, picture=picture.data, at=now(),
    )  # fmt: skip


@verb
def remove_claim_photo(actor: Actor, *, photo_id: UUID, claim_id: UUID, token: str = "") -> None:
    """Take a picture away again, before the claim is sent. Gone already, nothing happens.

    Raises:
        Forbidden, Missing: not its buyer, no such claim.
        Conflict: it was sent.
    """
    claim, _order = locked_claim(actor, claim_id, token=token)
    if claim.state != "begun":
        raise Conflict(MOVED_ON, details={"state": claim.state})
    ClaimPhoto.objects.filter(id=photo_id, claim_id=claim_id).delete()


@verb
def send_claim(actor: Actor, *, claim_id: UUID, token: str = "") -> None:
    """Ask the county to hear a claim. Sent already, nothing happens.

    Raises:
        Forbidden, Missing: not its buyer, no such claim.
        Invalid: no photo, where there is something to be seen.
        Conflict: it was withdrawn or answered.
    """
    claim, order = locked_claim(actor, claim_id, token=token)
    if claim.state == "asked":
        return
    if claim.kind != "missing" and not ClaimPhoto.objects.filter(claim_id=claim_id).exists():
        raise Invalid(_("Add a photo that shows it, then send the claim."), field="photo")
    advance_claim(actor, order, claim, "send", token=token)
    announce(Claimed(claim.id, order.id), county=order.county)


@verb
def withdraw_claim(actor: Actor, *, claim_id: UUID, token: str = "") -> None:
    """Take a claim back before it is answered. Withdrawn already, nothing happens.

    Raises:
        Forbidden, Missing: not its buyer, no such claim.
        Conflict: it was answered.
    """
    claim, order = locked_claim(actor, claim_id, token=token)
    if claim.state != "withdrawn":
        advance_claim(actor, order, claim, "withdraw", token=token)


@verb
def forget_claims(actor: Actor, *, batch: int = 200) -> int:
    """Erase words and pictures of claims that ended, or were never sent, long ago; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"moment": now(), "before": now() - KEEP_CONTACT, "batch": batch})
        return int(cursor.rowcount)


def locked_claim(actor: Actor, claim_id: UUID, *, token: str | None = None) -> tuple[Claim, Order]:
    """A claim and its order, the order's row locked: whoever changes a claim comes by it.

    For who works on it the order that was paid is locked too, where this one went out as a replacement.

    Args:
        token: None for who works on it, who is asked for a power; else it must be the buyer's.

    Raises:
        Missing: there is no such claim.
        Forbidden: it is asked for as its buyer's, and is not.
    """
    key = Claim.objects.filter(id=claim_id).values_list("order_id", flat=True).first()
    if key is None:
        raise Missing(_NONE_SUCH)
    if token is not None:
        return Claim.objects.get(id=claim_id), _of_buyer(actor, key, token)
    paid = Replacement.objects.filter(order_id=key).values_list("paid_order_id", flat=True)
    orders = {order.id: order for order in locked_all({key, *paid})}
    return Claim.objects.get(id=claim_id), orders[key]


def advance_claim(actor: Actor, order: Order, claim: Claim, verb: str, *, token: str = "") -> None:
    """Move a claim on by one row of its table, and keep the step.

    Raises:
        Forbidden, Conflict: as `rules.life.next_state`.
    """
    before = claim.state
    claim.state = next_state(
        before, verb, standing(actor, order, token), table=LIFE, moved_on=MOVED_ON
    )  # fmt: skip
    changed = ["state"]
    if verb == "send":
        claim.asked_at = now()
        changed.append("asked_at")
    if verb == "reopen":
        claim.closed_at = None
        changed.append("closed_at")
    if claim.state in ("done", "refused", "withdrawn"):
        claim.closed_at = now()
        changed.append("closed_at")
    claim.save(update_fields=changed)
    _step(claim, verb, before)


def _step(claim: Claim, verb: str, before: str) -> None:
    position = ClaimStep.objects.filter(claim_id=claim.id).count() + 1
    ClaimStep.objects.create(
        id=uuid7(), claim_id=claim.id, county=claim.county, position=position, verb=verb, before=before,
        after=claim.state, at=now(),
    )  # fmt: skip


def _of_buyer(actor: Actor, order_id: UUID, token: str) -> Order:
    order = locked(order_id)
    if not standing(actor, order, token).is_buyer:
        raise Forbidden(_("Only who ordered it can claim. Open the order by its link or sign in."))
    return order


def _check_words(kind: str, words: str, wish: str) -> None:
    if kind not in KINDS:
        raise Invalid(_("Choose what is wrong."), field="kind")
    if wish not in WISHES:
        raise Invalid(_("Choose what you wish."), field="wish")
    if not words.strip():
        raise Invalid(_("Say what is wrong, in a few words."), field="words")
    if len(words) > MOST_WORDS:
        raise Invalid(_("Say it in at most 500 characters."), field="words")


def _require_open(order: Order, line: Line) -> datetime:
    """When it was delivered, if a claim on it is heard now."""
    if order.state not in ("delivered", "completed") or order.delivered_at is None:
        raise Conflict(_("Only what was delivered can be claimed."), details={"state": order.state})
    days = ShareTerms.objects.values_list("claim_window_days", flat=True).get(
        county=order.county, version=line.terms_version
    )
    if now() > claimable_until(order.delivered_at, days):
        raise Conflict(
            _("Claims were heard for %(days)d days after delivery. Call the county centre instead.")
            % {"days": days},
            code="too_late",
        )
    return order.delivered_at


def _require_unclaimed(line: Line, amount: int, sent: int) -> None:
    if amount <= 0:
        raise Invalid(_("Write how much it is about: more than nothing."), field="packs")
    if amount > sent:
        raise Invalid(_("That is more than was packed."), field="packs")
    claims = list(Claim.objects.filter(line_id=line.id).values_list("state", "amount"))
    if sum(claimed for state, claimed in claims if state in STANDS) + amount > sent:
        raise Conflict(_("You have claimed this before. Look at your claims below."), code="claimed")
    if len(claims) >= MOST_CLAIMS:
        raise Conflict(_("This was claimed too often. Call the county centre instead."), code="too_often")


_FORGET = """
WITH old AS (
    SELECT id FROM orders_claim
     WHERE erased_at IS NULL AND state IN ('begun', 'done', 'refused', 'withdrawn')
       AND coalesce(closed_at, begun_at) < %(before)s
     ORDER BY id LIMIT %(batch)s::int FOR UPDATE SKIP LOCKED
), shown AS (
    DELETE FROM orders_claimphoto WHERE claim_id IN (SELECT id FROM old)
)
UPDATE orders_claim SET sealed = '', erased_at = %(moment)s WHERE id IN (SELECT id FROM old)
"""
