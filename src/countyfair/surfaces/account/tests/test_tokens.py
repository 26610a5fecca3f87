"""Tokens for programs: made on the page, shown once, revoked on the page."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.registers.access import queries
from countyfair.registers.people import queries as people
from countyfair.surfaces.ui.tests.clients import signed_in

pytestmark = pytest.mark.django_db


def made(client: Client, *scopes: str, name: str = "样例程序", days: str = "30") -> str:
    """The new token's text."""
    answer = client.post(
        "/account/tokens/", {"once": str(uuid7()), "name": name, "scopes": scopes, "days": days}
    )
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'id="token">(cf_[\w-]+)<', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_opens_what_it_says() -> None:
    client = signed_in("centre_staff")
    secret = made(client, "own.read", "stock.read")
    page = client.get("/account/tokens/").content.decode()
    assert secret not in page
    assert secret[-4:] in page
    found = queries.bearer(secret)
    assert found is not None
    assert found.scopes == ["own.read", "stock.read"]
    assert found.with_factor


def test_a_buyer_is_offered_what_is_a_buyers() -> None:
    page = signed_in().get("/account/tokens/").content.decode()
    assert 'value="own.write"' in page
    assert 'value="stock.read"' not in page


def test_a_refused_form_keeps_what_was_typed() -> None:
    client = signed_in()
    answer = client.post("/account/tokens/", {"once": str(uuid7()), "name": "样例·保留", "days": "7"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "样例·保留" in text
    assert 'value="7" selected' in text
    again = client.post("/account/tokens/", {"name": "样例", "scopes": ["own.read"], "days": "7"})
    assert again.status_code == 422


def test_a_form_sent_twice_makes_one_token() -> None:
    client = signed_in()
    form = {"once": str(uuid7()), "name": "样例", "scopes": ["own.read"], "days": "7"}
    assert client.post("/account/tokens/", form).status_code == 200
    assert client.post("/account/tokens/", form).status_code == 409
    assert len(queries.tokens(people.actor_of(me(client)))) == 1


def test_a_revoked_token_is_gone_and_a_strangers_stays() -> None:
    client, stranger = signed_in(), signed_in()
    secret, other = made(client, "own.read"), made(stranger, "own.read")
    key = queries.tokens(people.actor_of(me(stranger)))[0].id
    assert client.post("/account/tokens/revoke/", {"token": str(key)}).status_code == 404
    assert queries.bearer(other) is not None
    mine = queries.tokens(people.actor_of(me(client)))[0].id
    assert client.post("/account/tokens/revoke/", {"token": str(mine)}).status_code == 302
    assert queries.bearer(secret) is None
    assert client.post("/account/tokens/revoke/", {"token": "x"}).status_code == 422


def test_hostile_names_stay_text() -> None:
    client = signed_in()
    made(client, "own.read", name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get("/account/tokens/").content.decode()


def me(client: Client) -> UUID:
    return UUID(client.session["_auth_user_id"])
