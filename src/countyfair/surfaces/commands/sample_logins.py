"""The made-up people of the sample counties whom a newcomer can log in as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """Who it is, the telephone number to log in with, and where that person starts."""

    person: str
    phone: str
    path: str
    password: str = ""


#: Shown by `countyfair up` where the sample counties are loaded.
SAMPLE_LOGINS: tuple[SampleLogin, ...] = ()
