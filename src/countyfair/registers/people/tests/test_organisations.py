"""Organisations: registered once, by their county, where there is such a place."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.registers.people import actions, queries
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    TOWNSHIP,
    an_actor,
)
from countyfair.registers.people.tests.refusing import refused
from countyfair.registers.places.rules import PRESENT

pytestmark = pytest.mark.django_db


def test_an_organisation_is_registered_once_by_its_county() -> None:
    staff, stranger = an_actor("centre_staff"), an_actor("centre_staff", place=OTHER_COUNTY)
    key = actions.register_organisation(staff, place=TOWNSHIP, kind="firm", name="样例公司")
    again = actions.register_organisation(
        staff, place=TOWNSHIP, kind="firm", name="样例公司", organisation_id=key
    )
    assert again == key
    assert [row.name for row in queries.organisations(staff, county=COUNTY)] == ["样例公司"]
    refused(
        Conflict,
        lambda: actions.register_organisation(
            staff, place=TOWNSHIP, kind="firm", name="别的公司", organisation_id=key
        ),
    )
    refused(
        Forbidden,
        lambda: actions.register_organisation(staff, place=OTHER_COUNTY, kind="firm", name="样例公司"),
    )
    refused(
        Invalid, lambda: actions.register_organisation(staff, place=TOWNSHIP, kind="club", name="样例公司")
    )
    refused(Invalid, lambda: actions.register_organisation(SYSTEM, place="45", kind="firm", name="样例公司"))
    refused(Invalid, lambda: actions.register_organisation(staff, place=TOWNSHIP, kind="firm", name=" "))
    refused(Forbidden, lambda: actions.close_organisation(stranger, organisation_id=key))
    refused(Missing, lambda: actions.close_organisation(SYSTEM, organisation_id=uuid7()))
    actions.close_organisation(staff, organisation_id=key)
    assert queries.organisations(staff, county=COUNTY) == []
    assert queries.organisations_by_id([key])[key].closed_on == clock.today()


def test_an_organisation_stands_where_there_is_such_a_place() -> None:
    staff, other = an_actor("centre_staff"), an_actor("centre_staff", place=OTHER_COUNTY)

    def registered(actor: Actor, place: str) -> UUID:
        return actions.register_organisation(actor, place=place, kind="firm", name="样例公司")

    registered(staff, COUNTY + "999")  # where no divisions are loaded, nobody knows better
    for level, code in ((3, COUNTY), (4, TOWNSHIP)):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO places_division (id, codebook, year, code, level, parent, kind, name, short,"
                " common, pinyin, spelling, initials, grams, valid_from)"
                " VALUES (%s, %s, %s, %s, %s, %s, 'unit', '', '', '', '', '', '', '{}', 0)",
                [uuid7(), PRESENT.codebook, PRESENT.year, code, level, COUNTY[:4] if level == 3 else COUNTY],
            )
    for actor, place in ((staff, COUNTY + "999"), (other, OTHER_COUNTY)):
        with pytest.raises(Invalid) as refused:
            registered(actor, place)
        assert refused.value.field == "place"
    assert registered(staff, TOWNSHIP) != registered(staff, COUNTY)
