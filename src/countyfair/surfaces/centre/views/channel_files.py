"""Files of platforms: dropped, looked through, read by the worker, followed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.queries.intakes import IntakeRow
from countyfair.outreach.channels.queries.intakes import intake as read_intake
from countyfair.surfaces import ui
from countyfair.surfaces.centre.channel_words import COUNTS, INTAKES, KINDS, MOVING, label
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.views.channels import channels_page
from countyfair.surfaces.ui.given import Given

#: Bytes of the largest file that is taken.
LARGEST = 300_000_000


@page("channel.manage")
def drop(desk: Desk) -> HttpResponse:
    """Look at a file that somebody dropped; nothing of it is taken in yet."""

    def act(given: Given) -> HttpResponse:
        file = desk.request.FILES.get("file")
        if file is None:
            raise Invalid(_("Choose a file."), field="file")
        if (file.size or 0) > LARGEST:
            raise Invalid(_("This file is larger than 300 MB. Export fewer days at once."), field="file")
        with _lying(file) as path:
            row = actions.open_file(
                desk.actor, intake=ui.once(desk.request), county=desk.county, name=file.name or "",
                path=path, connection=given.key("connection"),
            )  # fmt: skip
        return desk.go("channel_file", row.id)

    return desk.asks(lambda refusal: channels_page(desk, refusal), act)


@page("channel.read")
def file(desk: Desk, key: UUID) -> HttpResponse:
    """What it would bring, how far it is read, what became of it; it can be started, or put away."""

    def act(given: Given) -> HttpResponse:
        desk.require("channel.manage")
        deed = actions.stop_intake if given.text("do") == "stop" else actions.start_intake
        deed(desk.actor, intake=key)
        return desk.go("channel_file", key)

    def show(refusal: Refusal | None) -> HttpResponse:
        row = _own(desk, key)
        context = {
            "row": row,
            "label": label,
            "kinds": KINDS,
            "states": INTAKES,
            "moving": row.state in MOVING,
            "counts": [(COUNTS[word], count) for word, count in row.counts.items() if word in COUNTS],
            "looked_at": row.counts.get("looked_at", 0),
        }
        template = "channel_file_part" if desk.request.headers.get("HX-Request") else "channel_file"
        return desk.show(template, context, refusal=refusal)

    _own(desk, key)
    return desk.asks(show, act)


def _own(desk: Desk, key: UUID) -> IntakeRow:
    return desk.own(lambda: read_intake(desk.actor, intake=key), lambda row: row.county)


@contextmanager
def _lying(file: UploadedFile[bytes]) -> Iterator[Path]:
    """Where an uploaded file lies, for as long as it is looked at."""
    if isinstance(file, TemporaryUploadedFile):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(prefix="countyfair-dropped-", suffix=".table") as lying:
        for part in file.chunks():
            lying.write(part)
        lying.flush()
        yield Path(lying.name)
