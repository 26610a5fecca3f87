"""Browsers of people who have signed in, for tests of pages."""

from __future__ import annotations

from uuid import UUID

from django.test import Client

from countyfair.registers.people import queries
from countyfair.registers.people.tests.factories import COUNTY, a_role, a_user
from countyfair.surfaces.ui.actor import SECOND_FACTOR


def signed_in(role: str = "", *, place: str = COUNTY) -> Client:
    """A new person's browser: a buyer's, or that of staff who showed their second factor."""
    user_id = a_user()
    if role:
        a_role(user_id, role, place=place)
    return client_of(user_id)


def client_of(user_id: UUID, *, second_factor: bool = True) -> Client:
    """A browser in which this user is signed in, with or without having shown a second factor."""
    user = queries.known_user(user_id)
    assert user is not None
    client = Client()
    client.force_login(user)
    if second_factor:
        session = client.session
        session[SECOND_FACTOR] = str(user_id)
        session.save()
    return client
