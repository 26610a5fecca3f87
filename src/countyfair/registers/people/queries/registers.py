"""Users, their roles and sign-ins, and organisations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import one, rows, scalar
from countyfair.registers.people import rules

#: Where the list of roles goes on: place, role and key of its last row.
AfterRole = tuple[str, str, UUID]


@dataclass(frozen=True, slots=True)
class Profile:
    """A user's own page. `second_factor` says whether an authenticator app is set up."""

    id: UUID
    phone: str
    name: str
    language: str
    is_sample: bool
    joined_at: datetime
    has_password: bool
    second_factor: bool


@dataclass(frozen=True, slots=True)
class FoundUser:
    """A user as staff see them when giving a role: the phone masked."""

    id: UUID
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role someone holds; `phone` is masked, exactly one of `place` and `organisation` is set."""

    id: UUID
    user_id: UUID
    name: str
    phone: str
    role: str
    county: str
    place: str | None
    organisation: UUID | None
    organisation_name: str
    since: date
    until: date | None
    granted_by: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation; its name is public, as shops show who runs them."""

    id: UUID
    county: str
    place: str
    kind: str
    name: str
    name_en: str
    closed_on: date | None
    registration_number: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One of a user's sign-ins. `digest` names it to `actions.end_sign_in`; the key itself is never shown."""

    digest: str
    at: datetime
    device: str


def profile(actor: Actor, *, user_id: UUID) -> Profile:
    """A user's own profile.

    Raises:
        Forbidden: somebody else's.
        Missing: no such user, or an erased one.
    """
    _only_self(actor, user_id)
    return one(
        "SELECT u.id, coalesce(u.phone, ''), u.name, u.language, u.is_sample, u.joined_at,"
        " u.password <> '' AND NOT starts_with(u.password, '!'),"
        " EXISTS (SELECT 1 FROM mfa_authenticator a WHERE a.user_id = u.id AND a.type = 'totp')"
        " FROM people_user u WHERE u.id = %s::uuid AND u.is_active",
        [user_id],
        into=Profile,
        missing=_("There is no such user."),
    )


def find_user(actor: Actor, *, phone: str, place: str) -> FoundUser | None:
    """Whoever answers a phone, for giving them a role; needs `people.read` at `place`.

    Raises:
        Forbidden: no such power there.
        Invalid: no such phone number.
    """
    actor.require("people.read", place=place)
    found = rows(
        "SELECT id, name, phone FROM people_user WHERE phone = %s AND is_active",
        [rules.phone(phone)],
        into=FoundUser,
    )
    return FoundUser(found[0].id, found[0].name, rules.mask_phone(found[0].phone)) if found else None


def roles_held(
    actor: Actor,
    *,
    county: str,
    role: str = "",
    user_id: UUID | None = None,
    ended: bool = False,
    after: AfterRole | None = None,
    limit: int = 200,
) -> list[RoleRow]:
    """Roles held in a county, organisations there included, by place; needs `people.read` in the county.

    Args:
        ended: those that are over too.
        after: (place, role, id) of the last row of the page before; "" is the place of an organisation's.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("people.read", place=county)
    place, after_role, key = after or (None, None, None)
    asked = {
        "r.role = %(role)s": role, "r.user_id = %(user)s": user_id, _STANDS: not ended, _GOES_ON: after,
    }  # fmt: skip
    wanted = " AND ".join(["r.county = %(county)s", *(text for text, given in asked.items() if given)])
    found = rows(
        f"{_ROLE} WHERE {wanted} ORDER BY coalesce(r.place, ''), r.role, r.id LIMIT %(limit)s::int",
        {
            "county": county, "role": role, "user": user_id, "today": clock.today(), "place": place,
            "after_role": after_role, "key": key, "limit": limit,
        },
        into=RoleRow,
    )  # fmt: skip
    return [_masked(row) for row in found]


def role_held(actor: Actor, *, role_id: UUID) -> RoleRow:
    """One role that somebody holds or held; needs `people.read` in its county.

    Raises:
        Missing: there is no such role.
        Forbidden: no such power there.
    """
    missing = _("There is no such role.")
    found = one(f"{_ROLE} WHERE r.id = %(role)s", {"role": role_id}, into=RoleRow, missing=missing)
    actor.require("people.read", place=found.county)
    return _masked(found)


def organisations(
    actor: Actor,
    *,
    county: str,
    closed: bool = False,
    text: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[OrganisationRow]:
    """Organisations of a county by name; needs `catalog.read` or `people.read` somewhere in it.

    Args:
        closed: those that are over too.
        text: part of a name or of the registration number.
        after: (name, id) of the last row of the page before.
        limit: None for all, such as a form offers them.

    Raises:
        Forbidden: neither power is held there.
    """
    if not any(actor.may(power, place=county) for power in ("people.read", "catalog.read")):
        raise Forbidden(_("Your role does not allow this here."), details={"power": "people.read"})
    name, key = after or (None, None)
    narrowed = "".join(
        part
        for wanted, part in (
            (not closed, " AND closed_on IS NULL"),
            (text, _SPELT),
            (after, " AND (name, id) > (%(name)s, %(key)s::uuid)"),
        )
        if wanted
    )
    return rows(
        _ORGANISATIONS + narrowed + " ORDER BY name, id LIMIT %(limit)s::int",
        {"county": county, "text": text, "name": name, "key": key, "limit": limit},
        into=OrganisationRow,
    )


_ORGANISATIONS = (
    "SELECT id, county, place, kind, name, name_en, closed_on, registration_number"
    " FROM people_organisation WHERE county = %(county)s"
)
_SPELT = " AND position(lower(%(text)s) IN lower(concat_ws(' ', name, name_en, registration_number))) > 0"


def organisations_by_id(ids: Collection[UUID]) -> dict[UUID, OrganisationRow]:
    """Organisations by key: public names for shops and statements."""
    found = rows(
        "SELECT id, county, place, kind, name, name_en, closed_on, registration_number"
        " FROM people_organisation"
        " WHERE id = ANY (%s::uuid[])",
        [list(ids)],
        into=OrganisationRow,
    )
    return {row.id: row for row in found}


def has_samples() -> bool:
    """Whether made-up users or households are among the real ones."""
    found = scalar(
        "SELECT EXISTS (SELECT 1 FROM people_user WHERE is_sample)"
        " OR EXISTS (SELECT 1 FROM people_household WHERE is_sample)"
    )
    return found is True


def sign_ins(actor: Actor, *, user_id: UUID) -> list[SignInRow]:
    """A user's own open sign-ins, newest first.

    Raises:
        Forbidden: somebody else's.
    """
    _only_self(actor, user_id)
    found = rows(
        "SELECT session_key, at, device FROM people_signin"
        " WHERE user_id = %s::uuid AND expire_date > %s::timestamptz ORDER BY at DESC",
        [user_id, clock.now()],
        into=SignInRow,
    )
    return [SignInRow(rules.session_digest(row.digest), row.at, row.device) for row in found]


def _masked(row: RoleRow) -> RoleRow:
    return replace(row, phone=rules.mask_phone(row.phone) if row.phone else "")


def _only_self(actor: Actor, user_id: UUID) -> None:
    if not actor.everything and actor.user_id != user_id:
        raise Forbidden(_("Only the person themselves may see this."))


_ROLE = """
SELECT r.id, r.user_id, u.name, coalesce(u.phone, ''), r.role, r.county, r.place, r.organisation_id,
       coalesce(o.name, ''), r.since, r.until, r.granted_by
  FROM people_roleheld r JOIN people_user u ON u.id = r.user_id
  LEFT JOIN people_organisation o ON o.id = r.organisation_id"""
_STANDS = "(r.until IS NULL OR r.until > %(today)s::date)"
_GOES_ON = "(coalesce(r.place, ''), r.role, r.id) > (%(place)s, %(after_role)s, %(key)s::uuid)"
