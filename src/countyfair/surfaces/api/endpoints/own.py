"""What is one's own besides orders: news in the house, of what to be told, one's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Forbidden
from countyfair.registers.notices import actions, queries
from countyfair.registers.notices.queries import Told
from countyfair.registers.people import actions as people
from countyfair.registers.people import queries as known
from countyfair.registers.people.queries import Profile
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.buying import buyer
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Text, Word, listed, paged, shape

routes = Routes()


@dataclass(frozen=True, slots=True)
class Muted:
    """A topic, and a way by which one is not told of it."""

    topic: str
    channel: str


NEWS = paged("News", Told)
MUTED = listed("Muted", Muted)
PROFILE = shape("Profile", Profile, leaves={"has_password", "second_factor", "is_sample"})


class MutedSaid(Given):
    """A topic, and a way by which one is not told of it."""

    topic: Word
    channel: Word


class ChoiceSaid(Given):
    """All that one is not told of; everything else is on."""

    muted: Annotated[list[MutedSaid], Field(max_length=60)]


class ProfileSaid(Given):
    """One's own name, and the language in which one is told; "" follows the browser."""

    name: Annotated[Text, Field(max_length=80)]
    language: Literal["", "zh-hans", "en"] = ""


@routes.reads("/news", NEWS, scope="own.read")
def my_news(call: Call, cursor: Cursor = "", limit: Limit = 30) -> Page[Told]:
    """My news in the house, the latest first, in the language of Accept-Language."""
    rows = queries.mine(
        buyer(call), language=get_language() or "", before=cursors.key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.id,))


@routes.writes("/news/read", scope="own.write")
def mark_news_read(call: Call) -> None:
    """All of my news is read."""
    actions.mark_read(buyer(call))


@routes.reads("/news/muted", MUTED, scope="own.read")
def muted_news(call: Call) -> Mapping[str, object]:
    """What I am not told of, by topic and way."""
    return {"items": [Muted(*one) for one in sorted(queries.muted(buyer(call)))]}


@routes.writes("/news/muted", MUTED, scope="own.write", method="PUT")
def mute_news(call: Call, body: ChoiceSaid) -> Mapping[str, object]:
    """Set what I am not told of; everything else is on."""
    actions.choose(buyer(call), muted=[(one.topic, one.channel) for one in body.muted])
    return muted_news(call)


@routes.reads("/profile", PROFILE, scope="own.read")
def my_profile(call: Call) -> Profile:
    """My own name, phone and language."""
    return known.profile(buyer(call), user_id=_me(call))


@routes.writes("/profile", PROFILE, scope="own.write", method="PUT")
def set_profile(call: Call, body: ProfileSaid) -> Profile:
    """Set my own name and language."""
    people.set_profile(buyer(call), user_id=_me(call), name=body.name, language=body.language)
    return known.profile(buyer(call), user_id=_me(call))


def _me(call: Call) -> UUID:
    if call.actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    return call.actor.user_id
