"""The grade of a harvest at its weigh-in: by what was measured, or by the pictures of the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.queries.standards import standard_for
from countyfair.trade.catalog.rules.grading import ONE, grade_of, measured


@dataclass(frozen=True, slots=True)
class Graded:
    """What a lot freezes of its grading; without a standard only the word that was given."""

    grade: str
    standard: UUID | None = None
    version: int = 0
    factor_milli: int = ONE
    by: str = ""
    measured: Mapping[str, Decimal] = field(default_factory=dict)


def grading(product: UUID, grade: str, said: Mapping[str, Decimal]) -> Graded:
    """The grade by the standard that holds for this product now.

    Args:
        grade: chosen by the pictures; "" where it was measured.
        said: measure to value; empty where it was chosen.

    Raises:
        Invalid: neither was given, something is missing or cannot be, or the standard has no such grade.
    """
    standard = standard_for(product)
    if standard is None:
        if said:
            raise Invalid(_("Nothing is measured of these goods any more. Open the page again."))
        return Graded(grade)
    terms = standard.terms
    if said:
        values, found, by = measured(terms, said), grade_of(terms, said), "measured"
    elif grade in terms.keys:
        values, found, by = {}, grade, "picture"
    else:
        raise Invalid(
            _("These goods are graded. Measure what the standard asks for, or choose by the pictures."),
            field="grade",
        )
    return Graded(found, standard.id, standard.version, terms.factor(found), by, values)
