"""Filters that a person keeps by name for a county's lists."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.verbs import verb
from countyfair.registers.people.models import SavedFilter

#: What one person keeps in one county, so that the list of them stays one.
MOST = 50


@verb
def save_filter(actor: Actor, *, filter_id: UUID, county: str, page: str, name: str, query: str) -> None:
    """Keep the query of a list under a name; the same name on the same list is given the new query.

    Args:
        page: the list's name, as its surface calls it.
        query: the part of its address behind the question mark.

    Raises:
        Forbidden: a guest.
        Invalid: no name, a name or query that is too long, or too many of them.
        Conflict: this key was used for another filter.
    """
    me = _me(actor)
    name = name.strip()
    if not 1 <= len(name) <= 60:
        raise Invalid(_("Write a name (60 characters at most)."), field="name")
    if len(query) > 500:
        raise Invalid(_("This filter is too long to be kept."), field="name")
    mine = SavedFilter.objects.filter(user_id=me, county=county)
    known = SavedFilter.objects.filter(pk=filter_id).first()
    if known is not None:
        if (known.user_id, known.county, known.page, known.name, known.query) != (
            me,
            county,
            page,
            name,
            query,
        ):
            raise Conflict(_("This was entered before with other particulars."))
        return
    if mine.count() >= MOST:
        raise Invalid(
            _("You keep %(most)d filters already. Remove one first.") % {"most": MOST}, field="name"
        )
    made = {"id": filter_id, "query": query, "at": now()}
    SavedFilter.objects.update_or_create(
        user_id=me, county=county, page=page, name=name, defaults={"query": query, "at": now()},
        create_defaults=made,
    )  # fmt: skip


@verb
def drop_filter(actor: Actor, *, filter_id: UUID) -> None:
    """Forget one of one's own filters; one that is gone, or another's, changes nothing.

    Raises:
        Forbidden: a guest.
    """
    SavedFilter.objects.filter(pk=filter_id, user_id=_me(actor)).delete()


def _me(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    return actor.user_id
