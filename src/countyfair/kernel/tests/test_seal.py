"""Sealing and blind matching."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from countyfair.kernel import seal as sealing
from countyfair.kernel.seal import SealBroken, blind, link_token, seal, token_matches, unseal


def test_what_is_sealed_opens_again_for_its_purpose_only() -> None:
    sealed = seal("样例·罗甲", "head_name")
    assert "样例" not in sealed
    assert sealed != seal("样例·罗甲", "head_name")
    assert unseal(sealed, "head_name") == "样例·罗甲"
    with pytest.raises(SealBroken):
        unseal(sealed, "id_number")


def test_an_older_key_still_opens_and_a_lost_key_does_not(settings: Settings) -> None:
    settings.COUNTYFAIR_SEAL_KEYS = ["old"]
    sealed = seal("x", "p")
    settings.COUNTYFAIR_SEAL_KEYS = ["new", "old"]
    assert unseal(sealed, "p") == "x"
    settings.COUNTYFAIR_SEAL_KEYS = ["new"]
    with pytest.raises(SealBroken):
        unseal(sealed, "p")


@pytest.mark.parametrize("at", [0, 3, 20, -1])
def test_what_was_changed_does_not_open(at: int) -> None:
    sealed = seal("样例·罗甲", "head_name")
    other = "A" if sealed[at] != "A" else "B"
    with pytest.raises(SealBroken):
        unseal(sealed[:at] + other + sealed[at:][1:], "head_name")


@pytest.mark.parametrize("text", ["", "2.", "2.AAAA", "2.!", "样例"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        unseal(text, "head_name")


def test_what_was_sealed_with_fernet_still_opens(settings: Settings) -> None:
    box = sealing._older_box("head_name", tuple(settings.COUNTYFAIR_SEAL_KEYS))
    older = box.encrypt("样例·罗甲".encode()).decode()
    assert unseal(older, "head_name") == "样例·罗甲"
    with pytest.raises(SealBroken):
        unseal(older, "id_number")


def test_blind_hashes_match_equal_texts_of_one_purpose() -> None:
    assert blind("123", "phone") == blind("123", "phone")
    assert blind("123", "phone") != blind("123", "id_number")
    assert len(blind("123", "phone")) == 64


def test_a_link_token_fits_its_text_only() -> None:
    token = link_token("order-1", "order")
    assert len(token) == 22
    assert token_matches(token, "order-1", "order")
    assert not token_matches(token, "order-2", "order")
    assert not token_matches("wrong", "order-1", "order")
