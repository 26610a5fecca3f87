"""Opening a household's sealed identity: a write, since the reading itself is put on record.

One statement asks for reach, consent and erasure, writes the log and brings the sealed fields;
nothing is unsealed that was not logged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict, Forbidden, Missing
from countyfair.kernel.rows import rows
from countyfair.kernel.seal import unseal
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules


@dataclass(frozen=True, slots=True)
class OpenedHousehold:
    """The fields asked for (absent ones are ""), or why they stay closed: `no_consent`, `erased`, else ""."""

    id: UUID
    number: str
    place: str
    fields: Mapping[str, str]
    closed: str = ""


@dataclass(frozen=True, slots=True)
class _Sealed:
    id: UUID
    number: str
    place: str
    reached: bool
    agreed: bool
    erased: bool
    head_name: str
    id_number: str
    phone: str
    bank_account: str
    bank_name: str


@verb
def read_household(
    actor: Actor, *, household_id: UUID, fields: Collection[str], purpose: str
) -> OpenedHousehold:
    """Open the named fields of one household for a purpose of `rules.PURPOSES`, on record.

    A household that signs in opens its own with the purpose `own`.

    Raises:
        Missing: no such household.
        Forbidden: the purpose's power is not held at its place, or it has not agreed to the purpose.
        Invalid: no such purpose, or a field that it does not open.
        Conflict: its identity was erased.
    """
    opened = read_households(actor, household_ids=[household_id], fields=fields, purpose=purpose)
    if not opened:
        raise Missing(_("There is no such household."))
    if opened[0].closed == "erased":
        raise Conflict(_("The identity of this household was erased."))
    if opened[0].closed:
        raise Forbidden(_("This household has not agreed to this. Ask it first."), code="no_consent")
    return opened[0]


@verb
def read_households(
    actor: Actor, *, household_ids: Sequence[UUID], fields: Collection[str], purpose: str
) -> list[OpenedHousehold]:
    """Open many households at once, as a payout does; those without consent or erased come back closed.

    One statement, whatever their number. Only what is opened is logged.

    Raises:
        Forbidden: one of them lies where the purpose's power is not held; then nothing is opened.
        Invalid: no such purpose, or a field that it does not open.
    """
    wanted = frozenset(fields)
    power, consent = rules.asked_for(purpose, wanted)
    found = rows(
        _OPEN,
        {
            "ids": list(household_ids),
            "places": list(actor.places(power)) if power else [],
            "me": None if power else actor.user_id,
            "consent": consent,
            "purpose": purpose,
            "fields": ",".join(sorted(wanted)),
            "now": clock.now(),
            "today": clock.today(),
        },
        into=_Sealed,
    )
    if not all(sealed.reached for sealed in found):
        raise Forbidden(_("Your role does not allow this here."), details={"power": power})
    return [_opened(sealed, wanted) for sealed in found]


def _opened(sealed: _Sealed, fields: frozenset[str]) -> OpenedHousehold:
    if sealed.erased or not sealed.agreed:
        return OpenedHousehold(
            sealed.id, sealed.number, sealed.place, {}, closed="erased" if sealed.erased else "no_consent"
        )
    texts = {field: getattr(sealed, field) for field in rules.FIELDS if field in fields}
    clear = {field: unseal(text, f"household.{field}") if text else "" for field, text in texts.items()}
    return OpenedHousehold(sealed.id, sealed.number, sealed.place, clear)


_OPEN = """
WITH asked AS MATERIALIZED (
    SELECT h.id, h.county, h.number, h.place,
           h.place ^@ ANY (%(places)s::text[]) OR coalesce(h.user_id = %(me)s::uuid, false) AS reached,
           NOT %(consent)s::boolean OR EXISTS (
               SELECT 1 FROM people_consent c
                WHERE c.household_id = h.id AND c.purpose = %(purpose)s::text AND c.withdrawn_at IS NULL
                  AND c.given_at <= %(now)s::timestamptz AND (c.until IS NULL OR c.until >= %(today)s::date)
           ) AS agreed,
           i.erased_at IS NOT NULL AS erased,
           i.head_name, i.id_number, i.phone, i.bank_account, i.bank_name
      FROM people_household h JOIN people_householdidentity i ON i.household_id = h.id
     WHERE h.id = ANY (%(ids)s::uuid[])
), logged AS (
    INSERT INTO people_householdread (id, household_id, county, purpose, fields, at)
    SELECT kernel_uuid7(), id, county, %(purpose)s::text, %(fields)s::text, %(now)s::timestamptz
      FROM asked WHERE reached AND agreed AND NOT erased
)
SELECT id, number, place, reached, agreed, erased, head_name, id_number, phone, bank_account, bank_name
  FROM asked ORDER BY number
"""
