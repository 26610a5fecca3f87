"""Names of those who work in a county, for the logs that keep only keys."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    name: str


def colleagues(actor: Actor, *, county: str, keys: Collection[str]) -> dict[str, str]:
    """The names behind actors' keys (`user:<id>`), of people who hold or held a role that reaches the county.

    Buyers and farmers are never named; unknown keys are left out. Needs any role in the county.

    Raises:
        Forbidden: the actor holds none there.
    """
    if not any(grant.reaches(county, None) for grant in actor.grants):
        actor.require("people.read", place=county)
    users = [key.removeprefix("user:") for key in set(keys) if key.startswith("user:")]
    if not users:
        return {}
    found = rows(
        "SELECT 'user:' || u.id, u.name FROM people_user u"
        " WHERE u.id = ANY (%(users)s::uuid[]) AND u.name <> ''"
        " AND EXISTS (SELECT 1 FROM people_roleheld r WHERE r.user_id = u.id"
        " AND (r.county = %(county)s OR starts_with(%(county)s, r.place)))",
        {"users": users, "county": county},
        into=_Named,
    )
    return {row.key: row.name for row in found}
