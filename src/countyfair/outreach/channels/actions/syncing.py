"""Shops whose owner granted access to their platform's API: orders home, waybills and stock out.

Platforms are asked outside of every transaction. A window counts as read when all of its pages were taken in;
killed anywhere, it is read again, and doubles nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.seal import SealBroken, seal, unseal
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import BATCH
from countyfair.outreach.channels.actions.connecting import PURPOSE
from countyfair.outreach.channels.actions.pushing import note_stock_told
from countyfair.outreach.channels.actions.reading import take
from countyfair.outreach.channels.actions.shipping import MOST, note_told
from countyfair.outreach.channels.models import Connection, Intake
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import (
    Client,
    Credentials,
    Expired,
    NoCarrier,
    Refused,
    Revoked,
    RowError,
    Sent,
    StockPush,
    TheirOrder,
    Unreachable,
)
from countyfair.outreach.channels.queries.pushing import to_tell
from countyfair.outreach.channels.queries.shipping import to_ship
from countyfair.outreach.channels.rules.syncing import (
    credentials_of,
    last_told,
    text_of,
    to_renew,
    windows,
)

log = logging.getLogger(__name__)
#: Of one shop in one run: windows; waybills, and goods whose stock is told, or is refused.
MOST_WINDOWS, MOST_SENT, MOST_TOLD = 48, 200, 200
#: Pages of a window; more is a platform that answers pages without end.
MOST_PAGES = 1_000
_QUIET = frozenset({"unchanged", "repeated", "older"})


@dataclass
class _Access:
    """A shop, what its owner granted, and the client that speaks for it."""

    shop: Connection
    sealed: str
    credentials: Credentials
    client: Client


def sync() -> int:
    """The job: every shop with access, the one read longest ago first; answers how many had no trouble."""
    actor = Actor.system("channels.sync")
    well = 0
    for shop in _shops():
        try:
            well += sync_shop(actor, shop) == ""
        except Exception:
            log.exception("shop %s could not be synchronised and waits", shop)
    return well


def sync_shop(actor: Actor, connection: UUID) -> str:
    """One shop: its orders, waybills, stock; answers its trouble, "" for none."""
    shop = Connection.objects.get(id=connection)
    trouble, access = "", None
    try:
        access = _access(shop)
        if to_renew(access.credentials, now()):
            _renew(actor, access)
        for step in (_pull, _send, _push):
            try:
                _with_token(actor, access, step)
            except Refused as refused:
                log.warning("shop %s: %s refuses: %s", connection, shop.platform, refused)
                trouble = "refused"
    except Unreachable as unreachable:
        log.info("shop %s: %s", connection, unreachable)
        trouble = "unreachable"
    except (Revoked, SealBroken):
        trouble = "revoked"
    met_with = access.sealed if access is not None else shop.credentials
    _note_trouble(actor, connection=connection, credentials=met_with, trouble=trouble)
    return trouble


def _shops() -> list[UUID]:
    speaking = [name for name, one in PLATFORMS.items() if one.client is not None]
    rows = Connection.objects.filter(ended_at__isnull=True, platform__in=speaking)
    rows = rows.exclude(credentials="").exclude(trouble="revoked")
    return list(rows.order_by("synced_until", "id").values_list("id", flat=True))


def _access(shop: Connection) -> _Access:
    credentials = credentials_of(unseal(shop.credentials, PURPOSE)) if shop.credentials else None
    if credentials is None:
        raise Revoked("nothing was granted")
    return _Access(shop, shop.credentials, credentials, _client(shop.platform, credentials))


def _client(platform: str, credentials: Credentials) -> Client:
    made = PLATFORMS[platform].client
    if made is None:
        raise Revoked("this platform has files only")
    return made(credentials)


def _with_token(actor: Actor, access: _Access, step: Callable[[Actor, _Access], None]) -> None:
    """A step, once more with new tokens where the old have ended."""
    try:
        step(actor, access)
    except Expired:
        _renew(actor, access)
        try:
            step(actor, access)
        except Expired:
            raise Revoked("new tokens are no good either") from None


def _renew(actor: Actor, access: _Access) -> None:
    fresh = access.client.renewed()
    sealed = seal(text_of(fresh), PURPOSE)
    if not _keep_tokens(actor, connection=access.shop.id, before=access.sealed, after=sealed):
        raise Unreachable("granted anew or ended meanwhile")
    access.sealed, access.credentials, access.client = sealed, fresh, _client(access.shop.platform, fresh)


def _pull(actor: Actor, access: _Access) -> None:
    shop = access.shop
    longest = PLATFORMS[shop.platform].window
    for at, (since, until) in enumerate(windows(shop.synced_until, shop.begun_at, now(), longest)):
        if at == MOST_WINDOWS:
            return
        told, flaws = _window(access.client, since, until)
        counts: Counter[str] = Counter()
        for start in range(0, len(told), BATCH):
            counts += take(actor, shop.id, told[start : start + BATCH])
        _note_window(actor, connection=shop.id, since=since, until=until, counts=counts, flaws=flaws)
        shop.synced_until = until


def _window(client: Client, since: datetime, until: datetime) -> tuple[list[TheirOrder], list[RowError]]:
    told: list[TheirOrder] = []
    flaws: list[RowError] = []
    cursor = ""
    for _turn in range(MOST_PAGES):
        page = client.orders(since=since, until=until, cursor=cursor)
        told += page.orders
        flaws += page.flaws
        if not page.cursor:
            return last_told(told), flaws
        cursor = page.cursor
    raise Unreachable("pages without end")


def _send(actor: Actor, access: _Access) -> None:
    """Tell of parcels that left, the nearest deadline first; one that is refused stops no other.

    What goes by a carrier that the platform does not know, as the county's own, counts for nothing: it waits
    for a person, and hides no parcel behind it.
    """
    shop, gone = access.shop, list[UUID]()
    refused: list[Refused] = []
    rows = to_ship(actor, county=shop.county, connection=shop.id, gone=True, limit=MOST)
    unknown: NoCarrier | None = None
    try:
        for row in rows:
            if len(gone) + len(refused) == MOST_SENT:
                break
            try:
                access.client.send(Sent(row.number, row.waybill, row.carrier))
                gone.append(row.arrival)
            except NoCarrier as no:
                unknown = no
            except Refused as no:
                refused.append(no)
    finally:
        if gone:
            note_told(actor, connection=shop.id, arrivals=gone)
    if refused:
        raise refused[0]
    if unknown is not None:
        raise unknown


def _push(actor: Actor, access: _Access) -> None:
    """Tell how much may be sold of what changed; goods that came by file without their ids cannot be told."""
    shop = access.shop
    refused: list[Refused] = []
    told: dict[UUID, int] = {}
    rows = [row for row in to_tell(actor, county=shop.county, connection=shop.id) if row.goods and row.sku]
    try:
        for row in rows:
            if MOST_TOLD in (len(told), len(refused)):
                break
            try:
                access.client.push_stock(StockPush(row.goods, row.sku, row.pieces))
                told[row.listing] = row.pieces
            except Refused as no:
                refused.append(no)
    finally:
        if told:
            note_stock_told(actor, connection=shop.id, told=told)
    if refused:
        raise refused[0]


@verb
def _keep_tokens(actor: Actor, *, connection: UUID, before: str, after: str) -> bool:
    """New tokens in place of those they were made of, unless its owner granted anew meanwhile."""
    return bool(Connection.objects.filter(id=connection, credentials=before).update(credentials=after))


@verb
def _note_window(
    actor: Actor, *, connection: UUID, since: datetime, until: datetime, counts: Mapping[str, int],
    flaws: list[RowError],
) -> None:  # fmt: skip
    """A window was read to its end; what is new in it, or wrong, stands among the shop's files."""
    shop = Connection.objects.select_for_update(no_key=True).get(id=connection)
    if shop.synced_until is None or shop.synced_until < until:
        shop.synced_until = until
        shop.save(update_fields=["synced_until"])
    wrong = [asdict(flaw) for flaw in flaws]
    if not (set(counts) - _QUIET or (wrong and not _told_before(shop.id, wrong))):
        return
    total, moment = sum(counts.values()), now()
    Intake.objects.create(
        connection_id=shop.id, county=shop.county, kind="orders", name=_name(since, until),
        digest="", state="done", total=total, done=total, counts=dict(counts), flaws=wrong, at=moment,
        moved_at=moment,
    )  # fmt: skip


def _name(since: datetime, until: datetime) -> str:
    """A window as a file of the shop: the county's day and hours."""
    first, last = since.astimezone(COUNTY_ZONE), until.astimezone(COUNTY_ZONE)
    return f"API {first:%Y-%m-%d %H:%M}–{last:%H:%M}"


def _told_before(connection: UUID, wrong: list[dict[str, object]]) -> bool:
    """Whether the last window said the same: overlapping ones meet the same orders."""
    last = Intake.objects.filter(connection_id=connection, digest="").order_by("-at").first()
    said = {(flaw["column"], flaw["sentence"]) for flaw in (last.flaws if last else ())}
    return {(flaw["column"], flaw["sentence"]) for flaw in wrong} <= said


@verb
def _note_trouble(actor: Actor, *, connection: UUID, credentials: str, trouble: str) -> None:
    """Unless its owner granted anew meanwhile: what was met with the old says nothing of the new."""
    row = Connection.objects.filter(id=connection, credentials=credentials).exclude(trouble=trouble)
    row.update(trouble=trouble)
