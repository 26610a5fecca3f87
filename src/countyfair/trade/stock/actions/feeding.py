"""Feeding offers: which pool an outlet draws on, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import LARGEST
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions import bear_mark, grade_offer
from countyfair.trade.catalog.queries.brands import licensed
from countyfair.trade.catalog.queries.standards import standard_for
from countyfair.trade.catalog.rules.brands import grades_of
from countyfair.trade.catalog.rules.grading import GRADES, StandardTerms
from countyfair.trade.stock.actions.pooling import pool_called
from countyfair.trade.stock.models import Cycle, Supply
from countyfair.trade.stock.queries.lots import Fed, fed


@verb
def feed(actor: Actor, *, offer: UUID, cap: int | None = None, pool: str = "") -> Supply:
    """Let an offer draw on its product's pool, made when it is not there. The same again changes nothing.

    Args:
        cap: base units that this outlet may draw in all; None for all there is.
        pool: the pool's name; "" is the product's common one.

    Raises:
        Forbidden: no `catalog.offer` in the county or at the shop's operator.
        Missing: no such offer.
        Invalid: a cap below zero.
        Conflict: it draws on another pool or under another cap already.
    """
    facts = _allowed(actor, offer)
    _check_cap(cap)
    drawn = pool_called(actor, facts.county, facts.product, pool)
    supply, made = Supply.objects.get_or_create(
        offer_id=offer, defaults={"id": uuid7(), "county": facts.county, "pool_id": drawn, "cap_amount": cap}
    )
    if not made and (supply.pool_id, supply.cap_amount) != (drawn, cap):
        raise Conflict(_("This offer is fed already. Change its cap instead."))
    return supply


@verb
def change_cap(actor: Actor, *, offer: UUID, cap: int | None, believed: int | None) -> Supply:
    """Set what an outlet may draw in all, used part included.

    Args:
        believed: the cap that the caller saw.

    Raises:
        Forbidden, Invalid: as `feed`.
        Missing: the offer is not fed.
        Stale: the cap is another by now; `details["cap"]`.
        Conflict: below what is used; `details["used"]`.
    """
    _allowed(actor, offer)
    _check_cap(cap)
    supply = Supply.objects.select_for_update(no_key=True).filter(offer_id=offer).first()
    if supply is None:
        raise Missing(_("This offer is not fed from any stock yet."))
    if supply.cap_amount == cap:
        return supply
    if supply.cap_amount != believed:
        raise Stale(_("Somebody has just changed this cap. Look again."), details={"cap": supply.cap_amount})
    if cap is not None and cap < supply.used:
        raise Conflict(
            _("%(used)d units are sold or promised through this outlet already. The cap cannot be lower.")
            % {"used": supply.used},
            field="cap",
            details={"used": supply.used},
        )
    supply.cap_amount = cap
    supply.save(update_fields=["cap_amount"])
    return supply


@verb
def set_grades(
    actor: Actor,
    *,
    offer: UUID,
    takes: Sequence[str],
    blend_grade: str = "",
    blend_percent: int = 0,
) -> Supply:
    """Say which grades of the product's standard an offer draws on, and how they are blended.

    What is reserved already stays. The same again changes nothing.

    Args:
        takes: grades; none for whatever lies there, graded or not.
        blend_grade: of each purchase, `blend_percent` per cent at least are of this grade or a better one.

    Raises:
        Forbidden: as `feed`.
        Missing: the offer is not fed.
        Conflict: it is sold ahead of a harvest that is not allotted yet.
        Invalid: the product has no standard, or the standard no such grades, a blend that cannot be, or
            a grade that the brand whose mark it bears does not take.
    """
    facts = _allowed(actor, offer)
    if not Supply.objects.filter(offer_id=offer).exists():
        raise Missing(_("This offer is not fed from any stock yet."))
    standard = standard_for(facts.product) if takes else None
    if takes and standard is None:
        raise Invalid(_("These goods have no standard yet. Set one first."), field="takes")
    if standard is None:
        said: tuple[UUID | None, list[str], list[str], int] = (None, [], [], 0)
    else:
        said = (standard.id, *_blended(standard.terms, takes, blend_grade, blend_percent))
    grade_offer(actor, offer=offer, least=said[1][-1] if said[1] else "")
    supply = Supply.objects.select_for_update(no_key=True).get(offer_id=offer)
    if takes and Cycle.objects.filter(pool_id=supply.pool_id).exclude(state="allotted").exists():
        raise Conflict(_("It is sold ahead: its harvest has no grade before it is weighed."), field="takes")
    if supply.brand_id is not None:
        _check_brand(supply, said[0], said[1])
    supply.standard_id, supply.takes, supply.blend_of, supply.blend_percent = said
    supply.save(update_fields=["standard", "takes", "blend_of", "blend_percent"])
    return supply


@verb
def bear_brand(actor: Actor, *, offer: UUID, brand: UUID | None) -> Supply:
    """Let an offer bear a brand's mark, or none: what feeds it keeps to the brand's grades while it does.

    The mark shows while the shop is licensed. The same again changes nothing.

    Raises:
        Forbidden: as `feed`.
        Missing: the offer is not fed.
        Invalid: its shop is not licensed now, the goods are not graded by the brand's standard, or it takes
            grades that the brand does not.
    """
    facts = _allowed(actor, offer)
    bear_mark(actor, offer=offer, brand=brand)
    supply = Supply.objects.select_for_update(no_key=True).filter(offer_id=offer).first()
    if supply is None:
        raise Missing(_("This offer is not fed from any stock yet."))
    if brand == supply.brand_id:
        return supply
    supply.brand_id, supply.brand_grades = brand, []
    if brand is not None:
        terms = next(one for one in licensed(facts.product) if one.brand == brand)
        if supply.standard_id != terms.standard:
            raise Invalid(
                _("Choose the grades that it takes first: the mark asks for its own standard."), field="brand"
            )
        supply.brand_grades = list(grades_of(terms.least))
        _check_brand(supply, supply.standard_id, supply.takes)
    supply.save(update_fields=["brand", "brand_grades"])
    return supply


def _check_brand(supply: Supply, standard: UUID | None, takes: Sequence[str]) -> None:
    """What an offer with a mark may take: grades of the brand's standard, none below its least."""
    if supply.standard_id != standard or not takes or not set(takes) <= set(supply.brand_grades):
        raise Invalid(
            _(
                "A grade below the brand's, or none, cannot bear its mark. Choose %(grades)s, or take the"
                " mark off first."
            )
            % {"grades": ", ".join(str(GRADES[key]) for key in supply.brand_grades)},
            field="takes",
        )


def _blended(
    terms: StandardTerms, takes: Sequence[str], blend_grade: str, blend_percent: int
) -> tuple[list[str], list[str], int]:
    taken = [key for key in terms.keys if key in takes]
    if len(taken) != len(set(takes)):
        raise Invalid(_("Choose one of the standard's grades."), field="takes")
    if not blend_grade and not blend_percent:
        return taken, [], 0
    if not 0 < blend_percent <= 100:
        raise Invalid(_("A blend has 1 to 100 % of the better grades."), field="blend_percent")
    fine = [key for key in terms.at_least(blend_grade) if key in taken] if blend_grade else []
    if not fine:
        raise Invalid(_("Choose the grade of the blend among those it takes."), field="blend_grade")
    return taken, fine, blend_percent


def _allowed(actor: Actor, offer: UUID) -> Fed:
    facts = fed(offer)
    actor.require("catalog.offer", place=facts.county, organisation=facts.organisation)
    return facts


def _check_cap(cap: int | None) -> None:
    if cap is not None and not 0 <= cap <= LARGEST:
        raise Invalid(_("A cap is zero or more."), field="cap")
