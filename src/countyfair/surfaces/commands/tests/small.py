"""The sample county Rongshui with a dozen households, for tests that open it or play in it."""

from __future__ import annotations

from dataclasses import replace

from countyfair.surfaces.commands.sample.definition import SampleCounty, sample_counties

RONGSHUI = "450225"
#: Who keeps a shop, hosts guests or announces a harvest in the sample, and two more.
HOUSEHOLDS = ("h03", "h04", "h05", "h09", "h11", "h12", "h13", "h17", "h18", "h20", "h28", "h29")


def small() -> SampleCounty:
    """Rongshui with these households, and the stations that they and its staff work with."""
    sample = next(one for one in sample_counties() if one.code == RONGSHUI)
    people = tuple(entry for entry in sample.households if entry["key"] in HOUSEHOLDS)
    used = {entry["station"] for entry in (*people, *sample.staff) if "station" in entry}
    stations = tuple(entry for entry in sample.stations if entry["key"] in used)
    return replace(sample, households=people, stations=stations)
