"""Tries are counted by where somebody really is, and headers of their own move nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from countyfair.surfaces.ui.address import client_address, client_network

PROXY = "10.0.0.7"


def asked(forwarded: str | None, *, connected: str = PROXY) -> Any:
    """A request that came over a connection from `connected`, with such a header."""
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=connected)


@pytest.fixture
def behind(settings: Any) -> Any:
    settings.COUNTYFAIR_BEHIND_PROXY, settings.COUNTYFAIR_PROXIES = True, 1
    return settings


def test_without_a_proxy_no_header_is_believed(settings: Any) -> None:
    settings.COUNTYFAIR_BEHIND_PROXY, settings.COUNTYFAIR_PROXIES = False, 1
    assert client_address(asked("203.0.113.9", connected="198.51.100.1")) == "198.51.100.1"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6,7.7.7.7,203.0.113.9:49152", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.6", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),  # it did not come by both: nobody vouches for it
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "203.0.113.9, unknown", PROXY),
        (0, "203.0.113.9", PROXY),
    ],
)
def test_the_visitor_stands_so_many_from_the_right_as_there_are_proxies(
    behind: Any, proxies: int, header: str | None, address: str
) -> None:
    behind.COUNTYFAIR_PROXIES = proxies
    assert client_address(asked(header)) == address


def test_a_household_s_many_addresses_are_one_network(behind: Any) -> None:
    networks = {client_network(asked(f"2001:db8:0:1::{last}")) for last in (1, 2, 3)}
    assert networks == {"2001:db8:0:1::"}
    assert client_network(asked("2001:db8:0:2::1")) not in networks
    assert client_network(asked("203.0.113.9")) == "203.0.113.9"


def test_visitors_by_ipv4_are_told_apart_where_the_house_listens_on_ipv6() -> None:
    assert client_network(asked(None, connected="::ffff:203.0.113.9")) == "203.0.113.9"
