"""The whole of the shipped data: counts, the 832, speed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from countyfair.registers.places import queries
from countyfair.registers.places.models import Division, PovertyCounty

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_country"),
]


def test_the_register_is_as_large_as_the_published_lists() -> None:
    stats = Division.objects.filter(codebook="stats", year=2023)
    assert [stats.filter(level=level).count() for level in (1, 2, 3, 4, 5)] == [
        31,
        342,
        2978,
        12_546,
        168_367,
    ]
    mca = Division.objects.filter(codebook="mca", level=3, valid_to=None)
    assert mca.count() == 2846


def test_every_county_of_the_832_stands_today_with_townships_and_villages() -> None:
    codes = sorted({entry.code for entry in queries.poverty_counties()})
    assert len(codes) == 831
    assert {place.code for place in queries.places(codes)} == set(codes)
    counts = queries.village_counts(codes)
    assert sum(counts.values()) == 168_367
    assert min(counts.values()) > 0


def test_removals_add_up_to_the_announced_years() -> None:
    years = PovertyCounty.objects.values_list("removal_year", flat=True)
    assert [list(years).count(year) for year in range(2016, 2021)] == [28, 125, 283, 344, 52]


def test_codes_of_2014_lead_to_every_one_of_the_832_that_was_renumbered() -> None:
    names = dict(PovertyCounty.objects.values_list("code", "official_name"))
    fresh = Division.objects.filter(
        codebook="mca", level=3, valid_to=None, valid_from__gt=2014, code__in=names
    )
    old = Division.objects.filter(codebook="mca", level=3, valid_from__lte=2014, valid_to__gte=2014)
    reached = {
        today
        for code in old.values_list("code", flat=True)
        for today in queries.present(code, on=date(2014, 6, 1))
    }
    assert set(fresh.values_list("code", flat=True)) - reached == {"632803"}  # 茫崖 had no code before


def test_a_planted_loss_shows_in_the_proof() -> None:
    (proof,) = queries.proofs()
    assert (proof.checked, proof.broken) == (196_559, ())
    Division.objects.filter(codebook="stats", code="621227108208").delete()
    (proof,) = queries.proofs()
    assert proof.broken == ("stats.5: 168366 rows, 168367 were loaded",)


@pytest.mark.parametrize("column", ["name", "short", "spelling", "initials"])
def test_any_place_is_found_by_any_of_its_writings(column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            "SELECT code, name, short, spelling, initials FROM places_division"
            " WHERE codebook = 'stats' AND level = 4 ORDER BY random() LIMIT 20"
        )
        places = [
            (row[0], row[("code", "name", "short", "spelling", "initials").index(column)])
            for row in cursor.fetchall()
        ]
    for code, text in places:
        assert code in {found.code for found in queries.search(text, within=code[:6])}, text
