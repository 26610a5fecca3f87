"""Files that take long: asked for here, followed, stopped, and downloaded by who asked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.registers.tasks import actions, queries
from countyfair.registers.tasks.queries import TaskSeen
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import ANY, Desk, page
from countyfair.surfaces.centre.tasks import KINDS, may
from countyfair.surfaces.centre.words import TASKS
from countyfair.surfaces.ui.translation import spoken

#: Signs of a list's filters.
LONGEST = 1000
#: Fields of the form that are none of the task's particulars.
OWN = ("csrfmiddlewaretoken", "once", "kind", "asked")


@page(*ANY, own=True)
def tasks(desk: Desk) -> HttpResponse:
    """One's own tasks of this county, the latest first."""
    return _tasks(desk)


@page(*ANY, own=True)
def ask(desk: Desk) -> HttpResponse:
    """Ask for a file. The form says its kind, and the filters of the list that it is made of."""
    sent = desk.request.POST
    kind = sent.get("kind", "")
    try:
        if kind not in KINDS:
            raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
        may(desk, kind)
        key = ui.once(desk.request)
        actions.ask(
            desk.actor, task=key, county=desk.county, kind=kind, particulars={"asked": _asked(sent)},
            language=spoken(),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _tasks(desk, refusal)
    return desk.go("task", key)


@page(*ANY, own=True)
def task(desk: Desk, key: UUID) -> HttpResponse:
    """How far it is; done, its file."""
    row = _own(desk, key)
    template = "task_part" if desk.request.headers.get("HX-Request") else "task"
    return desk.show(template, {"row": row, "kinds": KINDS, "states": TASKS})


@page(*ANY, own=True)
def stop(desk: Desk, key: UUID) -> HttpResponse:
    """Stop it, if it has not ended."""
    _own(desk, key)
    actions.stop(desk.actor, task=key)
    return desk.go("task", key)


@page(*ANY, own=True)
def file(desk: Desk, key: UUID) -> HttpResponse:
    """The file, for who may still ask for one like it."""
    may(desk, _own(desk, key).kind)
    made = queries.file(desk.actor, task=key)
    response = HttpResponse(made.data, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "no-store"
    return response


def _own(desk: Desk, key: UUID) -> TaskSeen:
    return desk.own(lambda: queries.task(desk.actor, task=key), lambda row: row.county)


def _tasks(desk: Desk, refusal: Invalid | Conflict | None = None) -> HttpResponse:
    rows = queries.tasks(desk.actor, county=desk.county)
    return desk.show("tasks", {"rows": rows, "kinds": KINDS, "states": TASKS}, refusal=refusal)


def _asked(sent: QueryDict) -> str:
    """The filters of the list with the fields of the form, as they stand in an address."""
    whole = QueryDict(sent.get("asked", "")[:LONGEST], mutable=True)
    for name in sent.keys() - set(OWN):
        whole[name] = sent.get(name, "")[:LONGEST]
    return whole.urlencode()[: 2 * LONGEST]
