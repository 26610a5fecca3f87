"""What people choose: what to be told by which way, what they have read, and a county its own words."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.verbs import verb
from countyfair.registers.notices.models import Muted, Notification, Wording
from countyfair.registers.notices.rules import CHANNELS, KINDS, LONGEST, TOPICS, Words, checked


@verb
def choose(actor: Actor, *, muted: Collection[tuple[str, str]]) -> None:
    """Set which (topic, channel) the actor is not told of; all others are on.

    Raises:
        Forbidden: a guest, who is reached by an order's own contact only.
        Invalid: no such topic or way.
    """
    me = _me(actor)
    wanted = set(muted)
    if not all(topic in TOPICS and channel in CHANNELS for topic, channel in wanted):
        raise Invalid(_("Choose from the list."))
    held = {(row.topic, row.channel): row.id for row in Muted.objects.filter(user_id=me)}
    Muted.objects.filter(id__in=[key for pair, key in held.items() if pair not in wanted]).delete()
    new = [Muted(user_id=me, topic=topic, channel=way) for topic, way in sorted(wanted - set(held))]
    Muted.objects.bulk_create(new, ignore_conflicts=True)


@verb
def mark_read(actor: Actor) -> int:
    """What stands in the house for the actor is read; how much of it was not before.

    Raises:
        Forbidden: a guest.
    """
    unread = Notification.objects.filter(user_id=_me(actor), channel="house", read_at__isnull=True)
    return unread.update(read_at=now())


@verb
def reword(actor: Actor, *, county: str, kind: str, language: str, words: Words, believed: int) -> int:
    """Give a county its own words for a kind of news; all three empty go back to the house's.

    Args:
        believed: the version that the caller saw, 0 for the house's own.

    Returns the version that holds now.

    Raises:
        Forbidden: no `terms.manage` in the county.
        Invalid: no such kind or language, or words that cannot be.
        Conflict: somebody else has just changed them.
    """
    actor.require("terms.manage", place=county)
    if kind not in KINDS or language not in LONGEST:
        raise Invalid(_("Choose from the list."), field="kind")
    empty = not (words.title.strip() or words.short.strip() or words.long.strip())
    tidy = Words("", "", "") if empty else checked(KINDS[kind], language, words)
    before = Wording.objects.filter(county=county, kind=kind, language=language)
    version = before.aggregate(last=Max("version"))["last"] or 0
    if version != believed:
        raise Conflict(_("Somebody has just changed these words. Look at them again."), code="changed")
    _row, made = Wording.objects.get_or_create(
        county=county, kind=kind, language=language, version=version + 1,
        defaults={"id": uuid7(), "title": tidy.title, "short": tidy.short, "long": tidy.long, "at": now()},
    )  # fmt: skip
    if not made:
        raise Conflict(_("Somebody has just changed these words. Look at them again."), code="changed")
    return version + 1


def _me(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    return actor.user_id
