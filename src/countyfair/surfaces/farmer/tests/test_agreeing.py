"""A household agrees before a witness, on paper or in its own words; what shows it is sealed and erasable."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries
from countyfair.registers.people.tests.factories import (
    COUNTY,
    SYSTEM,
    VILLAGE,
    a_household,
    a_role,
    a_user,
    an_actor,
)
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.catalog.tests.factories import a_product, a_sound
from countyfair.trade.stock.actions import begin_harvest

pytestmark = pytest.mark.django_db


def staff(role: str, place: str) -> Client:
    user = a_user()
    a_role(user, role, place=place)
    return client_of(user)


def a_sheet() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(file, "JPEG")
    return SimpleUploadedFile("sheet.jpg", file.getvalue())


def consent_of(household: UUID) -> UUID:
    return queries.consents_of(SYSTEM, household_id=household)[0].id


@pytest.mark.parametrize(
    ("how", "name", "kind"),
    [("paper", "photo", "image/webp"), ("voice", "voice", "audio/mp4"), ("voice", "", "")],
)
def test_an_agent_records_each_way_of_agreeing(how: str, name: str, kind: str) -> None:
    household = a_household(agreed=())
    files: dict[str, Any] = {"photo": a_sheet(), "voice": SimpleUploadedFile("words", a_sound())}
    form: dict[str, Any] = {"how": how} | ({name: files[name]} if name else {})
    staff("station_agent", VILLAGE).post(reverse("farmer:agree", args=[household]), form)
    assert queries.has_agreed(household, "trade")
    address = reverse("farmer:evidence", args=[household, consent_of(household)])
    assert staff("station_agent", VILLAGE).post(address).status_code == 403
    answer = staff("centre_staff", COUNTY).post(address)
    assert answer.status_code == (200 if kind else 404)
    if kind:
        assert answer["Content-Type"] == kind
        assert scalar("SELECT count(*) FROM people_householdread WHERE purpose = 'consent.evidence'") == 1


def test_what_shows_it_is_sealed_and_goes_with_the_identity() -> None:
    household = a_household(agreed=())
    evidence = actions.Evidence("picture", b"a signed sheet")
    for _again in range(2):
        actions.record_consent(
            SYSTEM, household_id=household, purpose="trade", how="paper", evidence=evidence
        )
    consent = consent_of(household)
    assert scalar("SELECT count(*) FROM people_consentevidence") == 1
    assert "a signed sheet" not in str(scalar("SELECT sealed FROM people_consentevidence"))
    assert actions.open_evidence(SYSTEM, household_id=household, consent_id=consent) == evidence
    with pytest.raises(Missing):
        actions.open_evidence(SYSTEM, household_id=a_household(), consent_id=consent)
    with pytest.raises(Forbidden):
        actions.open_evidence(an_actor("auditor"), household_id=household, consent_id=consent)
    actions.erase_identity(SYSTEM, household_id=household)
    assert scalar("SELECT sealed FROM people_consentevidence") == ""
    with pytest.raises(Missing):
        actions.open_evidence(SYSTEM, household_id=household, consent_id=consent)


def test_what_is_no_evidence_is_refused_and_nothing_is_on_record() -> None:
    household = a_household(agreed=())
    with pytest.raises(Invalid):
        actions.record_consent(
            SYSTEM, household_id=household, purpose="trade", how="paper",
            evidence=actions.Evidence("picture", bytes(3 * 1024 * 1024)),
        )  # fmt: skip
    bad = SimpleUploadedFile("sheet.jpg", b"<svg onload=alert(1)>")
    form = {"how": "paper", "photo": bad}
    answer = staff("station_agent", VILLAGE).post(reverse("farmer:agree", args=[household]), form)
    assert answer.status_code == 422
    assert not queries.has_agreed(household, "trade")


def test_a_household_agrees_and_takes_it_back_on_its_own_screen() -> None:
    user = a_user()
    household = a_household(user_id=user, agreed=())
    client, address = client_of(user), reverse("farmer:agree", args=[household])
    client.post(address)
    assert queries.has_agreed(household, "trade")
    client.post(address, {"back": "1"})
    assert not queries.has_agreed(household, "trade")
    assert client.get(address).status_code == 200


def test_once_it_is_taken_back_nothing_is_done_for_the_household() -> None:
    product = a_product()
    household = a_household(agreed=())
    agent = staff("station_agent", VILLAGE)
    address = reverse("farmer:agree", args=[household])
    form = {"how": "voice", "voice": SimpleUploadedFile("words", a_sound())}
    agent.post(address, form)
    agent.post(address, {"back": "1"})
    begin = reverse("farmer:begin", args=[household, product])
    assert agent.post(begin, {"without": "1"}).headers["Location"] == address
    with pytest.raises(Invalid):
        begin_harvest(SYSTEM, harvest=uuid7(), household=household, product=product, photo=None)
    assert scalar("SELECT count(*) FROM stock_harvest") == 0
    agent.post(address, {"how": "paper", "photo": a_sheet()})
    assert [one.evidence for one in queries.consents_of(SYSTEM, household_id=household)] == [
        "picture",
        "sound",
    ]


def test_a_sheet_is_no_recording_and_what_is_not_asked_for_is_not_kept() -> None:
    household = a_household(agreed=())
    agent, address = staff("station_agent", VILLAGE), reverse("farmer:agree", args=[household])
    assert agent.post(address, {"how": "voice", "voice": a_sheet()}).status_code == 422
    assert not queries.has_agreed(household, "trade")
    agent.post(address, {"how": "voice", "photo": a_sheet()})
    assert queries.has_agreed(household, "trade")
    assert scalar("SELECT count(*) FROM people_consentevidence") == 0


def test_the_desk_sees_that_it_is_kept_and_who_may_opens_it() -> None:
    household = a_household(agreed=())
    evidence = actions.Evidence("picture", b"a signed sheet")
    actions.record_consent(SYSTEM, household_id=household, purpose="trade", how="paper", evidence=evidence)
    opening = reverse("farmer:evidence", args=[household, consent_of(household)])
    address = reverse("centre:household", args=[COUNTY, household])
    assert opening in staff("centre_staff", COUNTY).get(address).content.decode()
    finance = staff("centre_finance", COUNTY)
    assert opening not in finance.get(address).content.decode()
    assert finance.post(opening).status_code == 403
