"""Households: registered once, numbered by county, their identity sealed field by field and erasable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock, numbers
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.seal import blind, seal
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import Consent, ConsentEvidence, Household, HouseholdIdentity, User


@dataclass(frozen=True, slots=True)
class RegisteredHousehold:
    """A household's key, and the number it is called by in its county."""

    id: UUID
    number: str


@verb
def register_household(
    actor: Actor,
    *,
    place: str,
    head_name: str,
    id_number: str,
    phone: str = "",
    bank_account: str = "",
    bank_name: str = "",
    agreed: Sequence[str] = (),
    how: str = "paper",
    user_id: UUID | None = None,
    household_id: UUID | None = None,
    is_sample: bool = False,
) -> RegisteredHousehold:
    """Register a household in its village (or township), with the purposes its head agreed to.

    Needs `household.register` at `place`. The same id with the same content gives the first answer.

    Raises:
        Forbidden: not at this place.
        Invalid: a place above a township, or a name, number or purpose that cannot be.
        Conflict: the identity number is registered already, here or anywhere; nothing is told of whom.
    """
    code = PlaceCode(place)
    actor.require("household.register", place=code)
    if len(code) < 9:
        raise Invalid(_("A household lives in a village or a township: choose one."), field="place")
    if not head_name.strip():
        raise Invalid(_("Give the name of the head of the household."), field="head_name")
    identity = HouseholdIdentity(
        id=uuid7(),
        county=code.county,
        head_name=_sealed("head_name", head_name.strip()),
        head_mask=rules.mask_name(head_name),
    )
    _put_number(identity, rules.id_number(id_number, is_sample=is_sample))
    _put_phone(identity, rules.phone(phone) if phone else "")
    identity.bank_account = _sealed("bank_account", rules.bank_account(bank_account) if bank_account else "")
    identity.bank_name = _sealed("bank_name", bank_name.strip())
    household = Household(
        id=household_id or uuid7(),
        county=code.county,
        place=str(code),
        user_id=user_id,
        is_sample=is_sample,
        registered_at=clock.now(),
    )
    first = _registered_before(household, identity)
    if first is not None:
        return first
    _insert(household, identity)
    _agree(household, agreed, how)
    return RegisteredHousehold(household.id, household.number)


@verb
def erase_identity(actor: Actor, *, household_id: UUID) -> None:
    """Forget who a household is. Its key and number stay in journals; what it agreed to ends.

    By the household itself, or with `household.erase` at its place.

    Raises:
        Forbidden: neither.
        Missing: no such household.
    """
    household = Household.objects.select_for_update().filter(id=household_id).first()
    if household is None:
        raise Missing(_("There is no such household."))
    if actor.user_id is None or actor.user_id != household.user_id:
        actor.require("household.erase", place=household.place)
    moment = clock.now()
    HouseholdIdentity.objects.filter(household_id=household_id, erased_at__isnull=True).update(
        head_mask="",
        head_name="",
        id_number="",
        id_number_blind=None,
        phone="",
        phone_blind=None,
        bank_account="",
        bank_name="",
        erased_at=moment,
    )
    Consent.objects.filter(household_id=household_id, withdrawn_at__isnull=True).update(withdrawn_at=moment)
    ConsentEvidence.objects.filter(consent__household_id=household_id).update(sealed="")
    if household.user_id is not None:
        household.user_id = None
        household.save(update_fields=["user"])


def _sealed(field: str, text: str) -> str:
    return seal(text, f"household.{field}") if text else ""


def _put_number(identity: HouseholdIdentity, number: str) -> None:
    identity.id_number = _sealed("id_number", number)
    identity.id_number_blind = blind(number, "household.id_number")


def _put_phone(identity: HouseholdIdentity, number: str) -> None:
    identity.phone = _sealed("phone", number)
    identity.phone_blind = blind(number, "household.phone") if number else None


def _registered_before(household: Household, identity: HouseholdIdentity) -> RegisteredHousehold | None:
    """The first answer to the same registration; None when the id is new.

    Raises:
        Conflict: the id stands for something else.
    """
    found = Household.objects.filter(id=household.id).first()
    if found is None:
        return None
    same = HouseholdIdentity.objects.filter(
        household_id=found.id, id_number_blind=identity.id_number_blind, phone_blind=identity.phone_blind
    ).exists()
    if not same or (found.place, found.user_id) != (household.place, household.user_id):
        raise Conflict(_("This registration was already sent with other content. Begin a new one."))
    return RegisteredHousehold(found.id, found.number)


def _insert(household: Household, identity: HouseholdIdentity) -> None:
    if (
        household.user_id is not None
        and not User.objects.filter(id=household.user_id, is_active=True).exists()
    ):
        raise Missing(_("There is no such user."))
    household.number = _next_number(household.county)
    identity.household = household
    try:
        with transaction.atomic():
            household.save(force_insert=True)
            identity.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            _("This identity number is registered already. Ask the county centre to find the household."),
            field="id_number",
            code="household_registered",
        ) from error


def _next_number(county: str) -> str:
    """The county's next number, its last digit a check digit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_householdcounter AS c (county, last) VALUES (%s, 1)"
            " ON CONFLICT (county) DO UPDATE SET last = c.last + 1 RETURNING last",
            [county],
        )
        body = f"{cursor.fetchone()[0]:05d}"
    return body + numbers.check_digit(body)


def _agree(household: Household, agreed: Sequence[str], how: str) -> None:
    if not set(agreed) <= set(rules.ASKED) or how not in rules.HOW:
        raise Invalid(_("Choose what the household agreed to, and how."), field="agreed")
    Consent.objects.bulk_create(
        Consent(
            id=uuid7(),
            household=household,
            county=household.county,
            purpose=purpose,
            how=how,
            given_at=clock.now(),
        )
        for purpose in dict.fromkeys(agreed)
    )
