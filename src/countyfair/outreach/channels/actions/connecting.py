"""Our shops on outside platforms: connected, changed, ended."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import seal
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop
from countyfair.outreach.channels.models import Connection
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import Credentials
from countyfair.outreach.channels.queries.shops import county_of_shop
from countyfair.outreach.channels.rules.syncing import text_of

#: Nobody keeps back more packs of a listing than this; more is a slip.
MOST_BUFFER = 10_000
#: What credentials are sealed for.
PURPOSE = "channels.credentials"


@verb
def connect(
    actor: Actor,
    *,
    connection: UUID,
    county: str,
    shop: UUID,
    platform: str,
    name: str,
    their_shop: str = "",
    buffer: int = 0,
) -> Connection:
    """Put one of the county's shops up on a platform; the same again answers the first.

    Args:
        name: what it is called there.
        their_shop: its id there, "" where only files come.
        buffer: packs of each of its goods that are kept back from what is told there.

    Raises:
        Forbidden: no `channel.manage` in the county.
        Invalid: an unknown platform, no such shop here, no name, or a buffer that cannot be.
        Conflict: a shop of this name is connected there already, or the id was used for another.
    """
    actor.require("channel.manage", place=county)
    if platform not in PLATFORMS:
        raise Invalid(_("Choose an outside platform."), field="platform")
    if county_of_shop(shop) != county:
        raise Invalid(_("Choose one of the county's shops."), field="shop")
    name, their_shop = _named(name), their_shop.strip()[:64]
    _check_buffer(buffer)
    known = Connection.objects.filter(id=connection).first()
    if known is not None:
        if (known.county, known.platform, known.name) == (county, platform, name):
            return known
        raise Conflict(_("This form was sent before. Open it again."), code="id_used")
    open_ = Connection.objects.filter(county=county, platform=platform, name=name, ended_at__isnull=True)
    if open_.exists():
        raise Conflict(_("A shop of this name is connected there already."))
    return Connection.objects.create(
        id=connection, county=county, shop_id=shop, platform=platform, name=name, their_shop=their_shop,
        buffer=buffer, begun_at=now(),
    )  # fmt: skip


@verb
def change_connection(actor: Actor, *, connection: UUID, name: str, their_shop: str, buffer: int) -> None:
    """Change what a shop is called there, and how much is kept back.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
        Invalid: no name, or a buffer that cannot be.
        Conflict: it has ended.
    """
    row = _open(actor, connection)
    row.name, row.their_shop, row.buffer = _named(name), their_shop.strip()[:64], buffer
    _check_buffer(buffer)
    row.save(update_fields=["name", "their_shop", "buffer"])


@verb
def grant(actor: Actor, *, connection: UUID, credentials: Credentials) -> None:
    """Keep what the shop's owner granted to us there, sealed; it is never shown again.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
        Conflict: it has ended.
    """
    row = _open(actor, connection)
    row.credentials = seal(text_of(credentials), PURPOSE)
    row.trouble = ""
    row.save(update_fields=["credentials", "trouble"])


@verb
def end_connection(actor: Actor, *, connection: UUID) -> bool:
    """Nothing comes from this shop any more, and what was granted is thrown away; False: it had ended before.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
    """
    row = locked_shop(actor, connection)
    if row.ended_at is not None:
        return False
    row.ended_at, row.credentials = now(), ""
    row.save(update_fields=["ended_at", "credentials"])
    return True


def _open(actor: Actor, connection: UUID) -> Connection:
    row = locked_shop(actor, connection)
    if row.ended_at is not None:
        raise Conflict(_("This shop is not connected any more."))
    return row


def _named(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 80:
        raise Invalid(_("Write what the shop is called there (80 characters at most)."), field="name")
    return tidy


def _check_buffer(buffer: int) -> None:
    if not 0 <= buffer <= MOST_BUFFER:
        raise Invalid(_("Keep back between 0 and 10,000 packs."), field="buffer")
