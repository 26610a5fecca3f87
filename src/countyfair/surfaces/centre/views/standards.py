"""Product standards: what is measured at weigh-in, which grade it makes, how a grade looks."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.pictures import smallest
from countyfair.surfaces.ui.translation import spoken
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.desk import product_whole
from countyfair.trade.catalog.queries.standards import StandardSeen, standard, standards, versions
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.grading import GRADES, MEASURES, OFF, Grade, Limit, StandardTerms, percent
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE


@page("catalog.read")
def standards_(desk: Desk) -> HttpResponse:
    """The county's standards."""
    found = standards(desk.actor, county=desk.county)
    return desk.show("standards", {"standards": found, "categories": categories(), "said": said})


@page("catalog.manage")
def add(desk: Desk) -> HttpResponse:
    """Set the first version of a standard, of a category or of one product."""
    product = Given(desk.request.GET).key("product")

    def act(given: Given) -> HttpResponse:
        category, once = given.text("category") if product is None else "", ui.once(desk.request)
        if product is None and not category:
            given.errors.append(("category", _("Choose one from the list.")))
        terms = _terms(given)
        given.stop()
        actions.set_standard(
            desk.actor, standard=once, county=desk.county, name_zh=given.text("name_zh"),
            name_en=given.text("name_en"), product=product, category=category, terms=terms,
        )  # fmt: skip
        return desk.go("standard", once, said=_("The standard holds from the next weigh-in on."))

    return desk.asks(lambda refusal: _form(desk, None, product, refusal), act)


@page("catalog.read")
def standard_(desk: Desk, key: UUID) -> HttpResponse:
    """One standard: what holds, its picture guide, what held before."""
    return _standard(desk, _own(desk, key))


@page("catalog.manage")
def change(desk: Desk, key: UUID) -> HttpResponse:
    """Set its next version; lots keep what they were graded."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        believed, terms = given.whole("believed"), _terms(given)
        given.stop()
        made = actions.set_standard(
            desk.actor, standard=key, county=row.county, name_zh=given.text("name_zh"),
            name_en=given.text("name_en"), product=row.product, category=row.category, terms=terms,
            believed=believed,
        )  # fmt: skip
        return desk.go(
            "standard", key, said=_("Version %(version)d holds from now on.") % {"version": made.version}
        )

    return desk.asks(lambda refusal: _form(desk, row, row.product, refusal), act)


@page("catalog.manage")
def end(desk: Desk, key: UUID) -> HttpResponse:
    """Grade nothing by it any more."""
    _own(desk, key)
    actions.end_standard(desk.actor, standard=key)
    return desk.go("standard", key, said=_("Nothing is graded by this standard any more."))


@page("catalog.manage")
def add_picture(desk: Desk, key: UUID) -> HttpResponse:
    """Show how a grade looks."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        file = desk.request.FILES.get("photo")
        if file is None:
            given.errors.append(("photo", _("Choose a picture.")))
        once, grade = ui.once(desk.request), given.text("grade", need=_("Choose the grade it shows."))
        given.stop()
        actions.add_grade_picture(
            desk.actor, picture=once, standard=key, grade=grade,
            data=file.read(LARGEST_FILE + 1) if file else b"",
        )  # fmt: skip
        return desk.go("standard", key, said=_("The picture is shown at the scales."))

    return desk.asks(lambda refusal: _standard(desk, row, refusal), act)


@page("catalog.manage")
def withdraw_picture(desk: Desk, key: UUID) -> HttpResponse:
    """Show a picture no longer."""
    row = _own(desk, key)
    chosen = parse_uuid(desk.request.POST.get("picture", ""))
    if chosen is None or chosen not in {one.id for one in row.guide}:
        raise Missing(_("There is no such picture."))
    actions.withdraw_grade_picture(desk.actor, picture=chosen)
    return desk.go("standard", key, said=_("The picture is taken away."))


def categories() -> dict[str, str]:
    """Category to its name."""
    zh = spoken().startswith("zh")
    return {key: row.zh if zh else row.en for key, row in CATEGORIES.items() if key != "service"}


def _own(desk: Desk, key: UUID) -> StandardSeen:
    return desk.own(lambda: standard(desk.actor, standard=key), lambda row: row.county)


def _standard(desk: Desk, row: StandardSeen, refusal: Refusal | None = None) -> HttpResponse:
    return desk.show(
        "standard",
        {
            "standard": row,
            "versions": versions(desk.actor, row),
            "categories": categories(),
            "grades": GRADES,
            "grade_options": [(key, GRADES[key]) for key in row.terms.keys],
            "measures": MEASURES,
            "picture": smallest,
            "factor": percent,
            "span": span,
            "typed": desk.request.POST,
            "said": said,
        },
        refusal=refusal,
    )


def span(limit: Limit | None) -> str:
    """A limit as a table shows it: `≥ 60`, `≤ 5`, `50–70`, `–` for none."""
    if limit is None:
        return "–"
    if limit.least is None:
        return f"≤ {limit.most}"
    return f"≥ {limit.least}" if limit.most is None else f"{limit.least}–{limit.most}"


def _form(
    desk: Desk, row: StandardSeen | None, product: UUID | None, refusal: Refusal | None = None
) -> HttpResponse:
    of = product_whole(desk.actor, product=product) if product is not None else None
    if of is not None and of.county != desk.county:
        raise Missing(_("There is no such product."))
    return desk.show(
        "standard_form",
        {
            "standard": row,
            "of": of,
            "categories": list(categories().items()),
            "grades": {key: word for key, word in GRADES.items() if key != OFF},
            "measures": MEASURES,
            "off": GRADES[OFF],
            "typed": {**_stands(row), **desk.request.POST.dict()},
            "said": said,
        },
        refusal=refusal,
    )


def _stands(row: StandardSeen | None) -> dict[str, str]:
    """What holds, in the names of the form's fields."""
    if row is None:
        return {}
    shown = {"name_zh": row.name_zh, "name_en": row.name_en, "factor_off": percent(row.terms.off_milli)}
    for grade in row.terms.grades:
        shown[f"factor_{grade.key}"] = percent(grade.factor_milli)
        for key, limit in grade.limits.items():
            shown[f"{grade.key}_{key}_least"] = "" if limit.least is None else str(limit.least)
            shown[f"{grade.key}_{key}_most"] = "" if limit.most is None else str(limit.most)
    return shown


def _terms(given: Given) -> StandardTerms:
    """The grades whose factor is filled in, and what they are measured by."""
    grades = tuple(
        Grade(key, _milli(given, f"factor_{key}"), _limits(given, key))
        for key in GRADES
        if key != OFF and given.text(f"factor_{key}")
    )
    return StandardTerms(grades, _milli(given, f"factor_{OFF}"))


def _limits(given: Given, grade: str) -> dict[str, Limit]:
    found = {}
    for key in MEASURES:
        least = given.number_if_any(f"{grade}_{key}_least")
        most = given.number_if_any(f"{grade}_{key}_most")
        if least is not None or most is not None:
            found[key] = Limit(least, most)
    return found


def _milli(given: Given, name: str) -> int:
    milli = given.rate(name) * 1000
    if milli != round(milli):
        given.errors.append((name, _("One decimal of a percent is enough.")))
    return int(milli)
