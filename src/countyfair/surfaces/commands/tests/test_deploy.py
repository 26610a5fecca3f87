"""A machine for the public is refused each thing that would harm it, in a sentence that says the remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings

from countyfair.kernel.ids import uuid7
from countyfair.registers.people.actions import register_user
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.commands import deploy

KEY = django_settings.DEVELOPMENT_KEY
SAFE: dict[str, Any] = {
    "DEVELOPMENT_KEY": KEY,
    "DEBUG": False,
    "SECRET_KEY": "a" * 60,
    "COUNTYFAIR_SEAL_KEYS": ["b" * 60],
    "COUNTYFAIR_BLIND_KEY": "c" * 60,
    "ALLOWED_HOSTS": ["fair.example.org"],
    "COUNTYFAIR_ORIGIN": "https://fair.example.org",
    "COUNTYFAIR_BEHIND_PROXY": True,
    "COUNTYFAIR_PROXIES": 1,
    "CSRF_TRUSTED_ORIGINS": ["https://www.fair.example.org"],
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "COUNTYFAIR_SANDBOX": False,
    "COUNTYFAIR_SMS": "http",
    "COUNTYFAIR_SMS_URL": "https://sms.example.org",
    "COUNTYFAIR_SMS_KEY": "e" * 20,
    "DATABASES": {
        "default": {"HOST": "db.example.org", "PASSWORD": "d" * 20, "OPTIONS": {"sslmode": "verify-full"}}
    },
}
DATABASE = SAFE["DATABASES"]["default"]


@pytest.fixture(autouse=True)
def _no_samples(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr(deploy, "has_samples", lambda: False)


def machine(**other: object) -> LazySettings:
    """The settings of a machine that is safe but for what a test changes."""
    return cast(LazySettings, SimpleNamespace(**SAFE | other))


def test_a_safe_machine_is_let_through() -> None:
    assert deploy.unsafe(machine()) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", True, "COUNTYFAIR_DEBUG"),
        ("SECRET_KEY", KEY, "COUNTYFAIR_SECRET_KEY is the one everybody can read"),
        ("SECRET_KEY", "short", "COUNTYFAIR_SECRET_KEY is shorter"),
        ("COUNTYFAIR_SEAL_KEYS", ["b" * 60, KEY], "COUNTYFAIR_SEAL_KEYS is the one everybody"),
        ("COUNTYFAIR_SEAL_KEYS", [], "COUNTYFAIR_SEAL_KEYS is the one everybody"),
        ("COUNTYFAIR_SEAL_KEYS", ["b" * 60, "short"], "COUNTYFAIR_SEAL_KEYS is shorter"),
        ("COUNTYFAIR_BLIND_KEY", KEY, "COUNTYFAIR_BLIND_KEY is the one everybody can read"),
        ("COUNTYFAIR_BLIND_KEY", "a" * 60, "Two of the keys are the same"),
        ("ALLOWED_HOSTS", ["*"], "COUNTYFAIR_HOSTS takes any name"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "[::1]"], "COUNTYFAIR_HOSTS names only this machine"),
        ("COUNTYFAIR_ORIGIN", "http://fair.example.org", "COUNTYFAIR_ORIGIN is not https"),
        ("CSRF_TRUSTED_ORIGINS", ["https://a.example", "http://b.example"], "take out http://b.example."),
        ("CSRF_COOKIE_SECURE", False, "Cookies would go over http"),
        ("SESSION_COOKIE_SECURE", False, "Cookies would go over http"),
        ("COUNTYFAIR_PROXIES", 0, "COUNTYFAIR_PROXIES counts no proxy"),
        ("COUNTYFAIR_SANDBOX", True, "COUNTYFAIR_SANDBOX=false"),
        ("COUNTYFAIR_SMS", "console", "COUNTYFAIR_SMS"),
        ("COUNTYFAIR_SMS_KEY", "", "COUNTYFAIR_SMS_URL and COUNTYFAIR_SMS_KEY"),
        ("COUNTYFAIR_SMS_URL", "", "COUNTYFAIR_SMS_URL and COUNTYFAIR_SMS_KEY"),
        ("COUNTYFAIR_SMS_URL", "http://sms.example.org", "One-time codes would go over http"),
        ("COUNTYFAIR_SMS_KEY", KEY, "COUNTYFAIR_SMS_KEY is the one everybody can read"),
        ("DATABASES", {"default": DATABASE | {"PASSWORD": ""}}, "without a password"),
        ("DATABASES", {"default": DATABASE | {"OPTIONS": {}}}, "sslmode=verify-full"),
    ],
)
def test_each_danger_has_its_sentence(name: str, value: object, sentence: str) -> None:
    found = deploy.unsafe(machine(**{name: value}))
    assert len(found) == 1, found
    assert sentence in found[0]


@pytest.mark.django_db
def test_sample_people_in_the_database_are_refused() -> None:
    assert deploy.unsafe(machine()) == []
    register_user(SYSTEM, user_id=uuid7(), phone="19900009999", name="样例·丁", is_sample=True)
    (found,) = deploy.unsafe(machine())
    assert found.startswith("The sample people are in this database")


def test_the_embedded_database_is_not_for_the_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    embedded = {"OPTIONS": {"host": "/srv/countyfair/var/pg/run"}}
    (found,) = deploy.unsafe(machine(DATABASES={"default": embedded}))
    assert "no standby and no backup" in found


def test_a_fresh_checkout_is_not_for_the_public() -> None:
    assert len(deploy.unsafe(django_settings)) > 5


#: A machine for the public, as its environment says it; the database is that of the test.
ENVIRONMENT = {
    "COUNTYFAIR_SECRET_KEY": "s" * 60,
    "COUNTYFAIR_SEAL_KEYS": "t" * 60,
    "COUNTYFAIR_BLIND_KEY": "u" * 60,
    "COUNTYFAIR_HOSTS": "fair.example.org",
    "COUNTYFAIR_ORIGIN": "https://fair.example.org",
    "COUNTYFAIR_SANDBOX": "false",
    "COUNTYFAIR_SMS": "http",
    "COUNTYFAIR_SMS_URL": "https://sms.example.org",
    "COUNTYFAIR_SMS_KEY": "v" * 60,
}
UNSAFE = {
    "COUNTYFAIR_DEBUG": ("true", "COUNTYFAIR_DEBUG"),
    "COUNTYFAIR_SECRET_KEY": (KEY, "COUNTYFAIR_SECRET_KEY is the one"),
    "COUNTYFAIR_SEAL_KEYS": (KEY, "COUNTYFAIR_SEAL_KEYS is the one"),
    "COUNTYFAIR_BLIND_KEY": (KEY, "COUNTYFAIR_BLIND_KEY is the one"),
    "COUNTYFAIR_HOSTS": ("*", "COUNTYFAIR_HOSTS takes any name"),
    "COUNTYFAIR_ORIGIN": ("http://fair.example.org", "COUNTYFAIR_ORIGIN is not https"),
    "COUNTYFAIR_ORIGINS": ("http://b.example", "take out http://b.example"),
    "COUNTYFAIR_SANDBOX": ("true", "COUNTYFAIR_SANDBOX=false"),
    "COUNTYFAIR_SMS": ("console", "One-time codes are printed"),
}


def asked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`countyfair check --deploy` in an environment of its own, as an operator runs it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COUNTYFAIR_")}
    return subprocess.run(
        [sys.executable, "-m", "countyfair.runtime", "check", "--deploy"],
        env=inherited | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_reads_the_environment_lets_a_safe_one_through_and_refuses_each_danger() -> None:
    safe = asked(ENVIRONMENT)
    unsafe = asked(ENVIRONMENT | {name: value for name, (value, _sentence) in UNSAFE.items()})

    assert (safe.returncode, safe.stderr) == (0, "")
    assert unsafe.returncode == 1
    for _value, sentence in UNSAFE.values():
        assert sentence in unsafe.stderr
    assert len(unsafe.stderr.strip().splitlines()) == len(UNSAFE)
