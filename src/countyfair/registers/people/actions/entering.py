"""How a household's people sign in: by a phone that is theirs."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.actions.consents import reached
from countyfair.registers.people.models import SignIn, User
from countyfair.registers.people.queries import has_agreed


@verb
def link_phone(actor: Actor, *, household_id: UUID, phone: str) -> None:
    """Let whoever answers this phone sign in for a household; who did so before does no longer.

    By the household itself, or with `household.register` at its place. Signing in takes a code sent to
    the phone, so that a number written wrongly opens nothing to who wrote it.

    Raises:
        Forbidden: neither.
        Missing: no such household.
        Invalid: no such phone number, or the household has not agreed to selling (`no_consent`).
    """
    household = reached(actor, household_id)
    number = rules.phone(phone)
    if not has_agreed(household_id, rules.SELLING):
        raise Invalid(
            _("This household has not agreed to selling. Put its answer on record first, on its own page."),
            field="phone",
            code="no_consent",
        )
    made = User(id=uuid7(), phone=number, is_sample=household.is_sample, joined_at=clock.now())
    made.set_unusable_password()
    # Two links of one phone at a time: the second waits for the first, then finds its row.
    User.objects.bulk_create([made], ignore_conflicts=True)
    before, now = household.user_id, User.objects.values_list("id", flat=True).get(phone=number)
    if before == now:
        return
    household.user_id = now
    household.save(update_fields=["user"])
    if before is not None:
        SignIn.objects.filter(user_id=before).delete()
