"""Product standards: what is measured at weigh-in, which grade it makes, how a grade looks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, listed, paged, shape
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries import standards as kept
from countyfair.trade.catalog.queries.standards import StandardSeen, VersionSeen
from countyfair.trade.catalog.rules import grading
from countyfair.trade.catalog.rules.grading import StandardTerms
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE

routes = Routes()

Measured = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=12, decimal_places=3)]
Factor = Annotated[
    int, Field(strict=True, ge=0, le=grading.LARGEST_FACTOR, description="In thousandths: 1000 is one.")
]

STANDARDS = paged("Standard", StandardSeen)
STANDARD = shape("Standard", StandardSeen)
VERSIONS = listed("StandardVersion", VersionSeen, leaves={"actor"})


class LimitSaid(Given):
    """From `least` to `most`, both included; null is no limit on that side."""

    least: Measured | None = None
    most: Measured | None = None


class GradeSaid(Given):
    """A grade, what it is worth, and its limits by what is measured."""

    key: Word
    factor_milli: Factor
    limits: Annotated[dict[Word, LimitSaid], Field(max_length=30)] = {}


class StandardSaid(Given):
    """What a standard is called, its grades from the best down, and what off-grade is worth."""

    name_zh: Annotated[Text, Field(min_length=1, max_length=80)]
    name_en: Annotated[Text, Field(max_length=120)] = ""
    grades: Annotated[list[GradeSaid], Field(min_length=1, max_length=4)]
    off_milli: Factor

    def terms(self) -> StandardTerms:
        grades = tuple(
            grading.Grade(
                one.key,
                one.factor_milli,
                {key: grading.Limit(limit.least, limit.most) for key, limit in one.limits.items()},
            )
            for one in self.grades
        )
        return StandardTerms(grades, self.off_milli)


class StandardWanted(StandardSaid):
    """A new standard, of one product or of a category; `id` is a UUID that the caller makes."""

    id: UUID
    product: UUID | None = None
    category: Annotated[str, Field(pattern=r"^[a-z_-]{0,30}$")] = ""


@routes.reads("/counties/{county}/standards", STANDARDS, scope="catalog.read")
def standards(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[StandardSeen]:
    """Standards of a county by name, those that ended last."""
    rows = kept.standards(call.actor, county=county, after=cursors.flag_name_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.ended_at is not None, row.name_zh, row.id))


@routes.reads("/counties/{county}/standards/{standard}", STANDARD, scope="catalog.read")
def standard(call: Call, county: County, standard: UUID) -> StandardSeen:
    """One standard as it holds now; its ETag goes into If-Match of a change."""
    return belongs(county, lambda: kept.standard(call.actor, standard=standard), lambda row: row.county)


_standard = standard


@routes.reads("/counties/{county}/standards/{standard}/versions", VERSIONS, scope="catalog.read")
def standard_versions(call: Call, county: County, standard: UUID) -> Mapping[str, object]:
    """All versions of a standard, the latest first."""
    return {"items": kept.versions(call.actor, _standard(call, county, standard))}


@routes.writes("/counties/{county}/standards", STANDARD, scope="catalog.write", makes=True)
def add_standard(call: Call, county: County, body: StandardWanted) -> StandardSeen:
    """Grade what is weighed from now on by a new standard."""
    actions.set_standard(
        call.actor, standard=body.id, county=county, name_zh=body.name_zh, name_en=body.name_en,
        product=body.product, category=body.category, terms=body.terms(),
    )  # fmt: skip
    return _standard(call, county, body.id)


@routes.writes(
    "/counties/{county}/standards/{standard}",
    STANDARD,
    scope="catalog.write",
    method="PUT",
    versions=True,
)
def change_standard(call: Call, county: County, standard: UUID, body: StandardSaid) -> StandardSeen:
    """Set its next version; lots keep what they were graded."""
    row = _standard(call, county, standard)
    actions.set_standard(
        call.actor, standard=standard, county=county, name_zh=body.name_zh, name_en=body.name_en,
        product=row.product, category=row.category, terms=body.terms(), believed=call.version,
    )  # fmt: skip
    return _standard(call, county, standard)


@routes.writes("/counties/{county}/standards/{standard}/end", STANDARD, scope="catalog.write")
def end_standard(call: Call, county: County, standard: UUID) -> StandardSeen:
    """Grade nothing by it any more."""
    _standard(call, county, standard)
    actions.end_standard(call.actor, standard=standard)
    return _standard(call, county, standard)


@routes.writes(
    "/counties/{county}/standards/{standard}/pictures/{picture}",
    STANDARD,
    scope="catalog.write",
    method="PUT",
    takes=LARGEST_FILE,
)
def show_grade(
    call: Call, county: County, standard: UUID, picture: UUID, data: bytes, grade: Word
) -> StandardSeen:
    """Show how a grade looks; `picture` is a UUID that the caller makes."""
    _standard(call, county, standard)
    actions.add_grade_picture(call.actor, picture=picture, standard=standard, grade=grade, data=data)
    return _standard(call, county, standard)


@routes.writes(
    "/counties/{county}/standards/{standard}/pictures/{picture}/withdraw", STANDARD, scope="catalog.write"
)
def withdraw_grade_picture(call: Call, county: County, standard: UUID, picture: UUID) -> StandardSeen:
    """Show a picture of the guide no longer."""
    if picture not in {one.id for one in _standard(call, county, standard).guide}:
        raise Missing(_("There is no such picture."))
    actions.withdraw_grade_picture(call.actor, picture=picture)
    return _standard(call, county, standard)
