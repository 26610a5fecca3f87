"""What a machine that the public uses must not have: `countyfair check --deploy`.

Each rule looks at the settings, or asks the database, and says in a sentence what to change.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import LazySettings

from countyfair.registers.people.queries import has_samples

SHORTEST_KEY = 50

THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
ENCRYPTED = {"require", "verify-ca", "verify-full"}

Rule = Callable[[LazySettings], Iterator[str]]


def unsafe(settings: LazySettings) -> list[str]:
    """What to change before the public may come, a sentence each; empty when nothing."""
    return [sentence for rule in RULES for sentence in rule(settings)]


def _debug(settings: LazySettings) -> Iterator[str]:
    if settings.DEBUG:
        yield "Debugging shows the inside of the programme to visitors: unset COUNTYFAIR_DEBUG."


def _keys(settings: LazySettings) -> Iterator[str]:
    development = settings.DEVELOPMENT_KEY
    named = {
        "COUNTYFAIR_SECRET_KEY": [settings.SECRET_KEY],
        "COUNTYFAIR_SEAL_KEYS": settings.COUNTYFAIR_SEAL_KEYS,
        "COUNTYFAIR_BLIND_KEY": [settings.COUNTYFAIR_BLIND_KEY],
    }
    for name, keys in named.items():
        if development in keys or not keys:
            yield f"{name} is the one everybody can read in the source: set one of your own."
        elif any(len(key) < SHORTEST_KEY for key in keys):
            yield f"{name} is shorter than {SHORTEST_KEY} characters: set a longer, random one."
    distinct = [key for keys in named.values() for key in keys if key != development]
    if len(set(distinct)) < len(distinct):
        yield "Two of the keys are the same: give each purpose a key of its own."


def _hosts(settings: LazySettings) -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "COUNTYFAIR_HOSTS takes any name: list the names that this deployment answers to."
    elif {host.strip("[]") for host in settings.ALLOWED_HOSTS} <= THIS_MACHINE:
        yield "COUNTYFAIR_HOSTS names only this machine: list the names that visitors use."


def _https(settings: LazySettings) -> Iterator[str]:
    if not settings.COUNTYFAIR_ORIGIN.startswith("https://"):
        yield "COUNTYFAIR_ORIGIN is not https: give the public address, beginning with https://."
    elif not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "Cookies would go over http: set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE."
    plain = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if not origin.startswith("https://")]
    if plain:
        yield f"COUNTYFAIR_ORIGINS trusts forms that come over http: take out {', '.join(plain)}."


def _proxies(settings: LazySettings) -> Iterator[str]:
    if settings.COUNTYFAIR_BEHIND_PROXY and settings.COUNTYFAIR_PROXIES < 1:
        yield "COUNTYFAIR_PROXIES counts no proxy: say how many stand between visitors and this machine."


def _providers(settings: LazySettings) -> Iterator[str]:
    if settings.COUNTYFAIR_SANDBOX:
        yield "The sandbox takes payments that are no payments: set COUNTYFAIR_SANDBOX=false."
    if settings.COUNTYFAIR_SMS == "console":
        yield "One-time codes are printed instead of sent: name a provider in COUNTYFAIR_SMS."
    elif not (settings.COUNTYFAIR_SMS_URL and settings.COUNTYFAIR_SMS_KEY):
        yield "One-time codes reach no sender: set COUNTYFAIR_SMS_URL and COUNTYFAIR_SMS_KEY."
    elif not _is_private(settings.COUNTYFAIR_SMS_URL):
        yield "One-time codes would go over http: give COUNTYFAIR_SMS_URL an https:// address."
    if settings.DEVELOPMENT_KEY == settings.COUNTYFAIR_SMS_KEY:
        yield "COUNTYFAIR_SMS_KEY is the one everybody can read in the source: set the gateway's own."


def _is_private(address: str) -> bool:
    """Whether what is sent there is encrypted, or does not leave this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in THIS_MACHINE


def _database(settings: LazySettings) -> Iterator[str]:
    given: dict[str, Any] = settings.DATABASES["default"]
    options = given.get("OPTIONS", {})
    host = str(given.get("HOST") or options.get("host") or "")
    if "DATABASE_URL" not in os.environ:
        yield "The embedded database has no standby and no backup: name a server in DATABASE_URL."
    if host and not host.startswith("/"):
        if not given.get("PASSWORD"):
            yield "DATABASE_URL reaches its server over the network without a password: give it one."
        if host not in THIS_MACHINE and options.get("sslmode") not in ENCRYPTED:
            yield "DATABASE_URL reaches another machine unencrypted: add ?sslmode=verify-full."


def _samples(settings: LazySettings) -> Iterator[str]:
    if has_samples():
        yield "The sample people are in this database: start with a database of its own."


RULES: tuple[Rule, ...] = (_debug, _keys, _hosts, _https, _proxies, _providers, _database, _samples)
