"""Grading: which grade a harvest makes by what was measured, and what a grade is worth.

A standard lists grades from the best down, each with limits on what is measured and a factor in
thousandths; what meets none of them is off-grade. `docs/grades.md` works an example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from countyfair.kernel.refusal import Invalid, Sentence

#: What meets no grade of its standard.
OFF = "off"
#: Grades from the best down, as produce is graded in China (特级, 一级, 二级, 三级, 等外).
GRADES: dict[str, Sentence] = {
    "special": pgettext_lazy("grade", "Special grade"),
    "first": pgettext_lazy("grade", "First grade"),
    "second": pgettext_lazy("grade", "Second grade"),
    "third": pgettext_lazy("grade", "Third grade"),
    OFF: pgettext_lazy("grade", "Off-grade"),
}


def graded(grade: str, version: int) -> Sentence:
    """What a lot's grade is called: by its standard's version, or as whoever weighed it wrote (version 0)."""
    return GRADES.get(grade, grade) if version else grade


#: A factor of one: a share by weight alone.
ONE = 1000
LARGEST_FACTOR = 10 * ONE


def percent(milli: int) -> str:
    """A factor in percent: `80`, `92.5`."""
    return f"{Decimal(milli).scaleb(-1):f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be measured at the scales: its name, its unit, and the most it can be."""

    name: Sentence
    unit: str
    most: Decimal


MEASURES: dict[str, Measure] = {
    "diameter": Measure(_("Diameter"), "mm", Decimal(1000)),
    "piece_weight": Measure(_("Weight of one piece"), "g", Decimal(100_000)),
    "sugar": Measure(_("Sugar"), "°Brix", Decimal(100)),
    "moisture": Measure(_("Moisture"), "%", Decimal(100)),
    "defects": Measure(_("Defects"), "%", Decimal(100)),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """From `least` to `most`, both included; None is no limit on that side."""

    least: Decimal | None = None
    most: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a standard: its key in `GRADES`, its factor in thousandths, its limits by measure."""

    key: str
    factor_milli: int
    limits: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class StandardTerms:
    """What a version of a standard says: grades from the best down, and the factor of what meets none."""

    grades: tuple[Grade, ...]
    off_milli: int

    @property
    def measures(self) -> tuple[str, ...]:
        """What must be measured, in the order of `MEASURES`."""
        return tuple(key for key in MEASURES if any(key in grade.limits for grade in self.grades))

    @property
    def keys(self) -> tuple[str, ...]:
        """The grades that a lot may have by it, from the best down to off-grade."""
        return (*(grade.key for grade in self.grades), OFF)

    def factor(self, grade: str) -> int:
        """A grade's factor in thousandths."""
        return next((one.factor_milli for one in self.grades if one.key == grade), self.off_milli)

    def at_least(self, grade: str) -> tuple[str, ...]:
        """This grade and the better ones; off-grade is never among them.

        Raises:
            Invalid: it is none of this standard's.
        """
        keys = self.keys[:-1]
        if grade not in keys:
            raise Invalid(_("Choose one of the standard's grades."), field="grade")
        return keys[: keys.index(grade) + 1]


def checked(terms: StandardTerms) -> StandardTerms:
    """The same terms, if they can be.

    Raises:
        Invalid: no grade, grades out of order, a factor or a limit that cannot be, or a better grade
            that pays less.
    """
    order = [key for key in GRADES if key != OFF]
    keys = [grade.key for grade in terms.grades]
    if not keys or keys != [key for key in order if key in keys]:
        raise Invalid(_("Choose the grades of the standard, the best first."), field="grades")
    for grade in terms.grades:
        _check_grade(grade)
    factors = [grade.factor_milli for grade in terms.grades] + [terms.off_milli]
    if not all(0 < factor <= LARGEST_FACTOR for factor in factors):
        raise Invalid(_("A factor is more than 0 % and at most 1000 %."), field="factor_" + keys[0])
    if factors != sorted(factors, reverse=True):
        raise Invalid(_("A better grade cannot be paid less than a lower one."), field="factor_" + keys[0])
    return terms


def _check_grade(grade: Grade) -> None:
    if not grade.limits:
        raise Invalid(_("Give each grade at least one limit."), field="factor_" + grade.key)
    for key, limit in grade.limits.items():
        values = [value for value in (limit.least, limit.most) if value is not None]
        known = MEASURES.get(key)
        if (
            known is None
            or not values
            or any(not 0 <= value <= known.most or value != round(value, 1) for value in values)
            or (limit.least is not None and limit.most is not None and limit.least > limit.most)
        ):
            raise Invalid(
                _("A limit has one decimal at most, and its lower end does not lie above its upper one."),
                field=f"{grade.key}_{key}_least",
            )


def measured(terms: StandardTerms, said: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What was measured, whole: a value for each measure that the standard names, and for no other.

    Raises:
        Invalid: one is missing, or cannot be; its field is the measure.
    """
    for key in terms.measures:
        value = said.get(key)
        if value is None:
            raise Invalid(_("Measure this too: the standard asks for it."), field=key)
        if not 0 <= value <= MEASURES[key].most or value != round(value, 1):
            raise Invalid(_("This cannot be. Measure again; one decimal is enough."), field=key)
    return {key: said[key] for key in terms.measures}


def grade_of(terms: StandardTerms, said: Mapping[str, Decimal]) -> str:
    """The best grade all of whose limits hold; `off` where none does.

    Raises:
        Invalid: as `measured`.
    """
    values = measured(terms, said)
    for grade in terms.grades:
        if all(limit.holds(values[key]) for key, limit in grade.limits.items()):
            return grade.key
    return OFF


def to_json(terms: StandardTerms) -> dict[str, Any]:
    """The terms as a version keeps them; numbers as text, so that they stay exact."""
    return {
        "grades": [
            {
                "key": grade.key,
                "factor_milli": grade.factor_milli,
                "limits": {
                    key: [_text(grade.limits[key].least), _text(grade.limits[key].most)]
                    for key in MEASURES
                    if key in grade.limits
                },
            }
            for grade in terms.grades
        ],
        "off_milli": terms.off_milli,
    }


def from_json(kept: Mapping[str, Any]) -> StandardTerms:
    """The terms that a version keeps."""
    return StandardTerms(
        tuple(
            Grade(
                row["key"],
                row["factor_milli"],
                {key: Limit(_number(least), _number(most)) for key, (least, most) in row["limits"].items()},
            )
            for row in kept["grades"]
        ),
        kept["off_milli"],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
