"""What a household agrees to, what shows that it did, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.registers.people import queries as people
from countyfair.registers.people import rules
from countyfair.registers.people.actions import Evidence, open_evidence, record_consent, withdraw_consent
from countyfair.registers.people.rules import SELLING
from countyfair.surfaces.farmer.farm import Farm, page
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE, read_picture
from countyfair.trade.catalog.rules.voices import LARGEST_FILE as LARGEST_RECORDING
from countyfair.trade.catalog.rules.voices import read_voice


@page
def agree(farm: Farm) -> HttpResponse:
    """The household says that its harvest may be sold, or takes that back."""
    if not farm.sent:
        return _agree(farm)
    if farm.request.POST.get("back"):
        withdraw_consent(farm.actor, household_id=farm.id, purpose=SELLING)
        return farm.go("agree", said=_("It is on record: nothing more is sold for you."))
    given = Given(farm.request.POST)
    try:
        how = "screen" if farm.own else given.text("how", need=_("Choose how the household said yes."))
        given.stop()
        shown = _evidence(farm, how)
        record_consent(farm.actor, household_id=farm.id, purpose=SELLING, how=how, evidence=shown)
    except Invalid as refusal:
        return _agree(farm, refusal)
    return farm.go("home", said=_("It is on record that the household agreed."))


@page
def evidence(farm: Farm, consent: UUID) -> HttpResponse:
    """The picture of the sheet, or the household's words: opened by a press, which is on record."""
    if not farm.sent:
        return farm.go("agree")
    found = open_evidence(farm.actor, household_id=farm.id, consent_id=consent)
    response = HttpResponse(found.data, content_type=rules.EVIDENCE[found.kind])
    response["Cache-Control"] = "no-store"
    return response


def _evidence(farm: Farm, how: str) -> Evidence | None:
    """What was sent to show it, drawn or encoded anew; None when the witness's word is all there is."""
    sheet, words = farm.request.FILES.get("photo"), farm.request.FILES.get("voice")
    if sheet and how == "paper":
        drawn = read_picture(sheet.read(LARGEST_FILE + 1)).renditions
        return Evidence("picture", next(one.data for one in reversed(drawn) if one.extension == "webp"))
    if words and how == "voice":
        return Evidence("sound", read_voice(words.read(LARGEST_RECORDING + 1)).data)
    return None


def _agree(farm: Farm, refusal: Invalid | None = None) -> HttpResponse:
    kept = [one for one in people.consents_of(farm.actor, household_id=farm.id) if one.purpose == SELLING]
    opens = farm.own or farm.actor.may("household.identify", place=farm.household.place)
    return farm.show("agree", {"consents": kept, "opens": opens}, refusal=refusal)
