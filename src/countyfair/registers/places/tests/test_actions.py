"""The load: whole or not at all, once, proved, and refused with row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.registers.places import queries
from countyfair.registers.places.actions import Loaded, load_divisions
from countyfair.registers.places.models import Division, Load, PovertyCounty, Succession
from countyfair.registers.places.tests.shipped import LOADER, SHIPPED, copied_to, edit

pytestmark = pytest.mark.django_db

COUNTY = ("621227",)


def load(folder: Path = SHIPPED, counties: tuple[str, ...] = COUNTY) -> Loaded:
    return load_divisions(LOADER, folder=folder, counties=counties)


def changes(table: str) -> list[list[object]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor, operation, (changes ->> 'rows')::int FROM kernel_change WHERE table_name = %s",
            [table],
        )
        return [list(row) for row in cursor.fetchall()]


def test_one_county_is_loaded_to_the_village_and_the_country_to_the_county() -> None:
    counts = load().counts
    assert counts["stats.1"] == 31
    assert counts["stats.3"] == 2978
    assert (counts["stats.4"], counts["stats.5"]) == (15, 223)
    assert (counts["mca.1"], counts["successions"], counts["poverty_counties"]) == (34, 3758, 832)
    assert Division.objects.filter(codebook="stats").count() == 31 + 342 + 2978 + 15 + 223


def test_a_load_is_one_line_of_the_log_a_table_and_one_event() -> None:
    loaded = load()
    divisions = sum(count for what, count in loaded.counts.items() if "." in what)
    assert changes("places_division") == [["system:tests", "INSERT", divisions]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload ->> 'rows', actor FROM kernel_event WHERE name = 'places.divisions_loaded'"
        )
        assert cursor.fetchall() == [(str(loaded.rows), "system:tests")]
    assert Load.objects.get().actor == "system:tests"


def test_the_same_files_again_do_nothing() -> None:
    first = load()
    before = list(Division.objects.order_by("id").values_list("id", flat=True))
    again = load()
    assert (first.already, again.already) == (False, True)
    assert (again.load, again.counts) == (first.load, first.counts)
    assert list(Division.objects.order_by("id").values_list("id", flat=True)) == before


@pytest.mark.slow
def test_another_county_is_added_and_the_first_stays() -> None:
    load()
    assert not load(counties=("450225",)).already
    assert queries.village_counts(["621227", "450225"]) == {"621227": 223, "450225": 209}


def test_a_corrected_file_changes_the_corrected_row_alone(tmp_path: Path) -> None:
    load()
    key = Division.objects.get(codebook="stats", code="621227108208").id
    folder = copied_to(tmp_path)
    edit(folder / "stats_villages/62.csv.xz", "621227108208,石滩村", "621227108208,石坛村")
    load(folder)
    corrected = Division.objects.get(codebook="stats", code="621227108208")
    assert (corrected.id, corrected.common) == (key, "石坛村")
    assert ["system:tests", "UPDATE", 1] in changes("places_division")


@pytest.mark.slow
def test_progress_ends_at_the_rows_that_were_read() -> None:
    told: list[tuple[int, int]] = []
    load_divisions(
        LOADER, folder=SHIPPED, counties=COUNTY, progress=lambda done, total: told.append((done, total))
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == load().rows


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column"),
    [
        pytest.param(
            "stats_villages/62.csv.xz",
            "code,name,pinyin",
            "code,title,pinyin",
            1,
            "name",
            marks=pytest.mark.slow,
        ),
        ("stats_counties.csv.xz", "11,北京市,bei jing shi", "1x,北京市,bei jing shi", 2, "code"),
        ("stats_counties.csv.xz", "11,北京市,bei jing shi", "11,,bei jing shi", 2, "name"),
        ("stats_counties.csv.xz", "11,北京市,bei jing shi", '11,"北京\t",bei jing shi', 2, "name"),
        ("stats_counties.csv.xz", "11,北京市,bei jing shi", "11,北京市,bei jing", 2, "pinyin"),
        ("stats_counties.csv.xz", "11,北京市,bei jing shi", "11,北京市", 2, "pinyin"),
        ("stats_counties.csv.xz", "\n12,天津市", "\n11,天津市", 0, "code"),
        pytest.param("mca.csv.xz", ",1980,", ",1908,", 0, "valid_from", marks=pytest.mark.slow),
        pytest.param("mca.csv.xz", ",1980,1982", ",1980,1979", 0, "valid_to", marks=pytest.mark.slow),
        pytest.param("successions.csv", ",recoded,", ",vanished,", 0, "kind", marks=pytest.mark.slow),
        pytest.param(
            "poverty_counties.csv",
            ",东部,2018,114.4684,",
            ",南部,2018,114.4684,",
            2,
            "region",
            marks=pytest.mark.slow,
        ),
        ("township_points.csv", ",114.54953,", ",214.54953,", 2, "lng_wgs84"),
    ],
)
def test_a_bad_row_is_refused_by_row_and_column_and_nothing_is_loaded(
    tmp_path: Path, file: str, old: str, new: str, row: int, column: str
) -> None:
    folder = copied_to(tmp_path)
    edit(folder / file, old, new)
    with pytest.raises(Invalid) as refused:
        load(folder)
    assert refused.value.details["file"] == file
    assert refused.value.details["column"] == column
    assert row in (0, refused.value.details["row"])
    assert column in str(refused.value.sentence)
    assert not Division.objects.exists()
    assert not Load.objects.exists()


def test_a_village_without_its_township_is_refused(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    edit(folder / "stats_townships.csv.xz", "621227108,水阳镇,shui yang zhen\n", "")
    with pytest.raises(Invalid, match="621227108"):
        load(folder)


@pytest.mark.slow
def test_a_list_that_is_not_the_832_is_refused(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    edit(folder / "poverty_counties.csv", "行唐县,130125,东部,2018", "行唐县,130125,东部,2017")
    with pytest.raises(Invalid):
        load(folder)
    assert [model.objects.count() for model in (Division, Succession, PovertyCounty)] == [0, 0, 0]


def test_a_damaged_or_missing_file_is_refused(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    (folder / "mca.csv.xz").write_bytes(b"no archive")
    with pytest.raises(Invalid):
        load(folder)
    (folder / "mca.csv.xz").unlink()
    with pytest.raises(Missing):
        load(folder)


def test_a_row_that_the_files_have_not_is_not_proved_away() -> None:
    Division.objects.create(
        codebook="stats",
        year=2023,
        code="621227108999",
        level=5,
        parent="621227108",
        kind="other",
        grams=[],
        valid_from=2023,
    )
    with pytest.raises(Conflict):
        load()
    assert Division.objects.count() == 1


def test_a_county_that_is_none_is_refused() -> None:
    with pytest.raises(Missing):
        load(counties=("999999",))


def test_a_guest_loads_nothing() -> None:
    with pytest.raises(Forbidden):
        load_divisions(Actor.guest("x"), folder=SHIPPED, counties=COUNTY)
    assert not Division.objects.exists()
