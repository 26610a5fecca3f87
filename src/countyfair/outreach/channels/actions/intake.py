"""Files of a platform: looked at, then read by the worker, in batches that each stand for themselves.

A file that was read in part, because its worker died, is read again from its beginning: what was taken in
is known by then. Files are kept sealed until they were read, and no longer than two days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.seal import seal_bytes, unseal_bytes
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.models import Connection, Intake, IntakePart
from countyfair.outreach.channels.rules.taking import look

#: Bytes of a part, and how long a file that nobody confirms is kept.
PART = 1 << 20
KEPT = timedelta(days=2)
_PURPOSE = "channels.intake"


@verb
def open_file(
    actor: Actor, *, intake: UUID, county: str, name: str, path: Path, connection: UUID | None = None
) -> Intake:
    """Look at a file that somebody dropped: whose it is, what it would bring. Nothing is taken in yet.

    The same file again, for the same shop, answers the first.

    Args:
        intake: made with the form.
        connection: our shop there; None where the county has only one open on that platform.

    Raises:
        Forbidden: no `channel.manage` in the county.
        Invalid: no table, of no platform that is known, of another platform than the shop's; or which shop
            it is for cannot be told.
    """
    actor.require("channel.manage", place=county)
    wanted = _wanted(county, connection)
    found = look(path, only=wanted.platform if wanted else "")
    shop = wanted or _only(county, found.platform)
    digest = _digest(path)
    known = Intake.objects.filter(connection_id=shop.id, digest=digest).exclude(
        state__in=("failed", "stopped")
    )
    first = known.order_by("at").first()
    if first is not None:
        return first
    row = Intake.objects.create(
        id=intake, connection_id=shop.id, county=county, kind=found.kind, name=Path(name).name[:200],
        digest=digest, at=now(), moved_at=now(), total=_estimate(found.rows, found.share),
        counts={"looked_at": found.rows, **found.counts}, flaws=[asdict(flaw) for flaw in found.flaws],
    )  # fmt: skip
    with path.open("rb") as file:
        IntakePart.objects.bulk_create(_parts(row.id, file), batch_size=8)
    return row


@verb
def start_intake(actor: Actor, *, intake: UUID) -> Intake:
    """Let the worker read a file that was looked at; again, nothing happens.

    Raises:
        Missing: there is none.
        Forbidden: no `channel.manage` in its county.
        Conflict: it was stopped.
    """
    row = _locked(actor, intake)
    if row.state == "stopped":
        raise Conflict(_("This file was put away. Drop it again."))
    if row.state == "failed":
        row.failure = ""
    if row.state in ("looked_at", "failed"):
        row.state, row.moved_at = "waiting", now()
        row.save()
    return row


@verb
def stop_intake(actor: Actor, *, intake: UUID) -> Intake:
    """Put a file away that was not read, or stop reading at its next batch: what is taken in stays.

    Raises:
        Missing: there is none.
        Forbidden: no `channel.manage` in its county.
    """
    row = _locked(actor, intake)
    if row.state in ("looked_at", "waiting", "reading", "failed"):
        row.state, row.moved_at = "stopped", now()
        row.save()
        IntakePart.objects.filter(intake_id=intake).delete()
    return row


@verb
def forget_files(actor: Actor) -> int:
    """Throw away files that were not read for long; answers how many. For the house itself."""
    old = Intake.objects.filter(state__in=("looked_at", "failed"), moved_at__lt=now() - KEPT)
    keys = list(old.select_for_update(no_key=True).values_list("id", flat=True))
    IntakePart.objects.filter(intake_id__in=keys).delete()
    return Intake.objects.filter(id__in=keys).update(state="stopped", moved_at=now())


@contextmanager
def file_of(intake: UUID) -> Iterator[Path]:
    """The file as it was dropped, for as long as it is read.

    Raises:
        Missing: it is not kept any more.
    """
    with NamedTemporaryFile(prefix="countyfair-intake-", suffix=".table") as file:
        parts = IntakePart.objects.filter(intake_id=intake).order_by("position")
        for data in parts.values_list("data", flat=True).iterator(chunk_size=8):
            file.write(unseal_bytes(bytes(data), _PURPOSE))
        file.flush()
        if not file.tell():
            raise Missing(_("This file is not kept any more. Drop it again."))
        yield Path(file.name)


def _wanted(county: str, connection: UUID | None) -> Connection | None:
    if connection is None:
        return None
    shop = Connection.objects.filter(id=connection, county=county, ended_at__isnull=True).first()
    if shop is None:
        raise Invalid(_("Choose one of the county's open shops on a platform."), field="connection")
    return shop


def _only(county: str, platform: str) -> Connection:
    there = list(Connection.objects.filter(county=county, platform=platform, ended_at__isnull=True)[:2])
    if not there:
        raise Invalid(_("The county has no shop on this platform yet. Connect it first."), field="connection")
    if len(there) > 1:
        raise Invalid(_("Choose for which of the county's shops there this file is."), field="connection")
    return there[0]


def _locked(actor: Actor, intake: UUID) -> Intake:
    row = Intake.objects.select_for_update(no_key=True).filter(id=intake).first()
    if row is None:
        raise Missing(_("There is no such file."))
    actor.require("channel.manage", place=row.county)
    return row


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _estimate(rows: int, share: float) -> int:
    return round(rows / share) if share > 0 else rows


def _parts(intake: UUID, file: BinaryIO) -> Iterator[IntakePart]:
    position = 0
    while data := file.read(PART):
        yield IntakePart(id=uuid7(), intake_id=intake, position=position, data=seal_bytes(data, _PURPOSE))
        position += 1
