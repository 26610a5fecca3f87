"""The made-up people of the sample counties whom a newcomer can log in as."""

from __future__ import annotations

from dataclasses import dataclass

from countyfair.surfaces.commands.sample.definition import sample_counties


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """Who it is, the telephone number to log in with, and where that person starts."""

    person: str
    phone: str
    path: str


#: Where each role of the sample staff starts.
STARTS = {"station_agent": "/station/", "courier": "/courier/"}
ELSEWHERE = "/centre/"


def sample_logins() -> list[SampleLogin]:
    """Every sample member of staff, county by county."""
    return [
        SampleLogin(
            f"{entry['name']} · {entry['role'].replace('_', ' ')} · {county.name_en}",
            entry["phone"],
            STARTS.get(entry["role"], ELSEWHERE),
        )
        for county in sample_counties()
        for entry in county.staff
    ]
