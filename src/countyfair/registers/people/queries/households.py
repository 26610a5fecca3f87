"""Households as lists show them: by number and village, the head's name masked, nothing unsealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows, scalar
from countyfair.kernel.seal import blind
from countyfair.registers.people.rules import mask_phone


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list. `head` is masked (`李**`), "" once erased; `agreed`: its standing consents."""

    id: UUID
    county: str
    place: str
    number: str
    head: str
    user_id: UUID | None
    is_sample: bool
    registered_at: datetime
    erased: bool
    agreed: list[str]


@dataclass(frozen=True, slots=True)
class HouseholdLabel:
    """What statements and shares call a household by."""

    id: UUID
    county: str
    place: str
    number: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent: its purpose and way, from when until when, and who took it.

    `evidence` is what is kept of it, `picture` or `sound`; "" when nothing is.
    """

    id: UUID
    purpose: str
    how: str
    given_at: datetime
    until: date | None
    withdrawn_at: datetime | None
    taken_by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One opening of a household: who, for what, which fields (comma-separated)."""

    id: UUID
    household_id: UUID
    number: str
    actor: str
    purpose: str
    fields: str
    at: datetime


_SELECT = """
SELECT h.id, h.county, h.place, h.number, i.head_mask, h.user_id, h.is_sample, h.registered_at,
       i.erased_at IS NOT NULL,
       ARRAY(SELECT DISTINCT c.purpose::text FROM people_consent c
              WHERE c.household_id = h.id AND c.withdrawn_at IS NULL
                AND (c.until IS NULL OR c.until >= %(today)s::date) ORDER BY 1)
  FROM people_household h JOIN people_householdidentity i ON i.household_id = h.id
"""


_LIST = (
    _SELECT
    + """
 WHERE h.county = %(county)s AND h.number > %(after)s AND h.number ^@ %(number)s AND h.place ^@ %(place)s
   AND (%(phone)s::text IS NULL OR i.phone_blind = %(phone)s::text) AND h.place ^@ ANY (%(reach)s::text[])
 ORDER BY h.number LIMIT %(limit)s::int
"""
)
_ONE = _SELECT + " WHERE h.id = %(id)s::uuid"


def households(
    actor: Actor,
    *,
    county: str,
    place: str = "",
    number: str = "",
    phone: str = "",
    after: str = "",
    limit: int = 50,
) -> list[HouseholdRow]:
    """Households of a county that the actor reaches with `household.read`, by number; one statement.

    Args:
        place: only this subtree; number: begins so; phone: exactly this one (E.164), matched by keyed hash.
        after: the last number of the page before.

    Raises:
        Forbidden: the power is held nowhere in this county.
    """
    reach = _reach(actor, place or county)
    return rows(
        _LIST,
        {
            "county": county,
            "place": place,
            "number": number,
            "after": after,
            "limit": limit,
            "reach": reach,
            "phone": blind(phone, "household.phone") if phone else None,
            "today": clock.today(),
        },
        into=HouseholdRow,
    )


def household(actor: Actor, *, household_id: UUID) -> HouseholdRow:
    """One household, by itself or with `household.read` at its place.

    Raises:
        Missing: no such household.
        Forbidden: out of reach.
    """
    found = one(
        _ONE,
        {"id": household_id, "today": clock.today()},
        into=HouseholdRow,
        missing=_("There is no such household."),
    )
    require_household(actor, found)
    return found


def require_household(actor: Actor, whose: HouseholdRow) -> None:
    """For rooms that read what is a household's: it is one's own, or `household.read` is held at its place.

    Raises:
        Forbidden: neither.
    """
    if actor.user_id is None or actor.user_id != whose.user_id:
        actor.require("household.read", place=whose.place)


def household_labels(ids: Collection[UUID]) -> dict[UUID, HouseholdLabel]:
    """Number and village of households by key, without anything personal; for rooms that hold their keys."""
    found = rows(
        "SELECT id, county, place, number, is_sample FROM people_household WHERE id = ANY (%s::uuid[])",
        [list(ids)],
        into=HouseholdLabel,
    )
    return {label.id: label for label in found}


def has_agreed(household_id: UUID, purpose: str) -> bool:
    """Whether a household's consent to a purpose stands today. For rooms that may not act without it."""
    found = scalar(
        "SELECT EXISTS (SELECT 1 FROM people_consent WHERE household_id = %s::uuid AND purpose = %s"
        " AND withdrawn_at IS NULL AND given_at <= %s::timestamptz AND (until IS NULL OR until >= %s::date))",
        [household_id, purpose, clock.now(), clock.today()],
    )
    return found is True


def households_of_user(user_id: UUID) -> list[HouseholdLabel]:
    """The households that a signed-in farmer is the user of."""
    return rows(
        "SELECT id, county, place, number, is_sample FROM people_household"
        " WHERE user_id = %s::uuid ORDER BY number",
        [user_id],
        into=HouseholdLabel,
    )


def phone_of(actor: Actor, whose: HouseholdRow) -> str:
    """The phone that signs in for a household, masked; "" for none.

    Raises:
        Forbidden: as `require_household`.
    """
    require_household(actor, whose)
    found = scalar(
        "SELECT u.phone FROM people_household h JOIN people_user u ON u.id = h.user_id AND u.is_active"
        " WHERE h.id = %s::uuid AND u.phone IS NOT NULL",
        [whose.id],
    )
    return mask_phone(str(found)) if found else ""


def consents_of(actor: Actor, *, household_id: UUID) -> list[ConsentRow]:
    """All consents of a household, newest first; by itself or with `household.read` at its place."""
    household(actor, household_id=household_id)
    return rows(
        "SELECT c.id, c.purpose, c.how, c.given_at, c.until, c.withdrawn_at, c.taken_by,"
        " CASE WHEN coalesce(e.sealed, '') <> '' THEN e.kind ELSE '' END"
        " FROM people_consent c LEFT JOIN people_consentevidence e ON e.consent_id = c.id"
        " WHERE c.household_id = %s::uuid ORDER BY c.given_at DESC, c.id DESC",
        [household_id],
        into=ConsentRow,
    )


def reads_of(
    actor: Actor,
    *,
    county: str,
    household_id: UUID | None = None,
    before: datetime | None = None,
    limit: int = 50,
) -> list[ReadRow]:
    """Who opened households of a county, newest first: its own for a household, else `audit.read` there.

    Raises:
        Forbidden: neither.
    """
    if household_id is None or household_id not in {own.id for own in _own(actor)}:
        actor.require("audit.read", place=county)
    return rows(
        "SELECT r.id, r.household_id, h.number, r.actor, r.purpose, r.fields, r.at"
        " FROM people_householdread r JOIN people_household h ON h.id = r.household_id"
        " WHERE r.county = %(county)s"
        " AND (%(household)s::uuid IS NULL OR r.household_id = %(household)s::uuid)"
        " AND (%(before)s::timestamptz IS NULL OR r.at < %(before)s::timestamptz)"
        " ORDER BY r.at DESC LIMIT %(limit)s::int",
        {"county": county, "household": household_id, "before": before, "limit": limit},
        into=ReadRow,
    )


def _own(actor: Actor) -> list[HouseholdLabel]:
    return households_of_user(actor.user_id) if actor.user_id else []


def _reach(actor: Actor, place: str) -> list[str]:
    """Prefixes held that meet `place`: those above it, or parts of it.

    Raises:
        Forbidden: none does.
    """
    reach = [
        held for held in actor.places("household.read") if place.startswith(held) or held.startswith(place)
    ]
    if not reach:
        actor.require("household.read", place=place)
    return reach
