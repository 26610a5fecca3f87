"""Products, and the packs they are sold in."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.quantity import LARGEST, Unit
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.places.queries import names
from countyfair.trade.catalog.events import ProductRenamed
from countyfair.trade.catalog.models import Offer, Pack, Product, Shop
from countyfair.trade.catalog.rules import CATEGORIES, search_terms
from countyfair.trade.catalog.rules.keeping import HOUSEHOLD, licence_asked, licence_missing
from countyfair.trade.catalog.rules.naming import known_names


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is said of a product. `place` is where it comes from: a county, township or village code."""

    code: str
    name_zh: str
    category: str
    place: str
    unit: Unit
    name_en: str = ""
    kind: str = "goods"
    season_months: tuple[int, ...] = ()
    story_zh: str = ""
    story_en: str = ""
    icon: str = ""
    variety_zh: str = ""
    variety_en: str = ""


@verb
def add_product(actor: Actor, *, product: UUID, shop: UUID, facts: ProductFacts) -> Product:
    """Add a product to a shop. Repeatable by its id.

    Raises:
        Missing: no such shop.
        Forbidden: no `catalog.manage` in the county or at the shop's operator.
        Invalid: a fact that cannot be; `field` names it.
        Conflict: the code or the id is taken.
    """
    stall = shop_for(actor, shop)
    check(facts, stall.county)
    check_licence(facts, stall)
    made = Product(id=product, shop=stall, county=stall.county)
    say(made, facts, terms_of([(facts, stall)])[0])
    if first := Product.objects.filter(pk=product).first():
        if first.shop_id != shop or facts_of(first) != facts_of(made):
            raise Conflict(_("This was entered before with other particulars."))
        return first
    _refuse_taken(facts.code, stall.county, product)
    made.save(force_insert=True)
    return made


@verb
def change_product(actor: Actor, *, product: UUID, facts: ProductFacts) -> Product:
    """Say something else of a product. What was sold keeps what it said then.

    Raises:
        Missing, Forbidden, Invalid: as `add_product`.
        Conflict: the code is taken, or the unit or the kind would change under what rests on it
            (packs, lots, days of a service).
    """
    row = product_for(actor, product)
    check(facts, row.county)
    if facts.category != row.category:
        check_licence(facts, Shop.objects.get(pk=row.shop_id))
    _refuse_taken(facts.code, row.county, product)
    _refuse_unbound(row, facts)
    if facts_of(row) != facts:
        say(row, facts, terms_of([(facts, Shop.objects.get(pk=row.shop_id))])[0])
        row.save()
        announce(ProductRenamed(row.id), county=row.county)
    return row


@verb
def withdraw_product(actor: Actor, *, product: UUID) -> None:
    """Take a product out of the catalogue; its offers must be down.

    Raises:
        Missing, Forbidden: as `change_product`.
        Conflict: it is on sale.
    """
    row = product_for(actor, product)
    if Offer.objects.filter(product_id=product, state="on").exists():
        raise Conflict(_("Take down its offers first."))
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])


@verb
def add_pack(
    actor: Actor,
    *,
    pack: UUID,
    product: UUID,
    code: str,
    label_zh: str,
    content_amount: int,
    label_en: str = "",
    sold_by: str = "piece",
    tare_g: int = 0,
) -> Pack:
    """Add a way to sell a product. A pack never changes: what was sold in it stays readable.

    Args:
        content_amount: base units in one pack, in the product's unit.
        sold_by: `piece` at a fixed content, `weight` where the scale decides when it is packed.
        tare_g: what the empty package weighs.

    Raises:
        Missing, Forbidden: as `change_product`.
        Invalid: a label, content or way of selling that cannot be.
        Conflict: the code or the id is taken.
    """
    row = product_for(actor, product)
    made = Pack(
        id=pack,
        product=row,
        county=row.county,
        code=code.strip(),
        label_zh=label_zh.strip(),
        label_en=label_en.strip(),
        content_amount=content_amount,
        sold_by=sold_by,
        tare_g=tare_g,
    )
    check_pack(made, row.unit)
    if first := Pack.objects.filter(pk=pack).first():
        if (first.product_id, first.code, first.content_amount, first.sold_by) != (
            product,
            made.code,
            content_amount,
            sold_by,
        ):
            raise Conflict(_("This was entered before with other particulars."))
        return first
    if Pack.objects.filter(county=row.county, code=made.code).exists():
        raise Conflict(_("Another pack has this code."), field="code")
    made.save(force_insert=True)
    return made


def shop_for(actor: Actor, shop: UUID) -> Shop:
    """The shop, when the actor may manage its goods."""
    stall = Shop.objects.filter(pk=shop).first()
    if stall is None:
        raise Missing(_("There is no such shop."))
    actor.require("catalog.manage", place=stall.county, organisation=stall.organisation_id)
    if stall.closed_on is not None:
        raise Conflict(_("This shop is closed."))
    return stall


def product_for(actor: Actor, product: UUID) -> Product:
    """The product, locked, when the actor may manage it."""
    row = Product.objects.select_for_update(no_key=True).filter(pk=product).first()
    if row is None:
        raise Missing(_("There is no such product."))
    shop_for(actor, row.shop_id)
    return row


def check(facts: ProductFacts, county: str) -> None:
    """Raise Invalid at the first fact that cannot be."""
    if not facts.code.strip() or len(facts.code) > 40:
        raise Invalid(_("Give the product a code of at most 40 characters."), field="code")
    if not facts.name_zh.strip() or len(facts.name_zh) > 80:
        raise Invalid(_("Give the product a Chinese name of at most 80 characters."), field="name_zh")
    if len(facts.name_en) > 120:
        raise Invalid(_("The English name has at most 120 characters."), field="name_en")
    if len(facts.variety_zh) > 40:
        raise Invalid(_("The variety has at most 40 characters."), field="variety_zh")
    if len(facts.variety_en) > 60:
        raise Invalid(_("The variety in English has at most 60 characters."), field="variety_en")
    if facts.category not in CATEGORIES:
        raise Invalid(_("Choose a category from the list."), field="category")
    if facts.kind not in ("goods", "service"):
        raise Invalid(_("A product is goods or a service."), field="kind")
    if not PlaceCode(county).covers(PlaceCode(facts.place)):
        raise Invalid(_("The place of origin lies in another county."), field="place")
    if not all(1 <= month <= 12 for month in facts.season_months):
        raise Invalid(_("Months go from 1 to 12."), field="season_months")
    if len(facts.story_zh) > 5000 or len(facts.story_en) > 8000:
        raise Invalid(_("The story is too long."), field="story_zh")


def check_licence(facts: ProductFacts, stall: Shop) -> None:
    """A household sells what it grew or made by hand; what the law asks a licence for, with its number."""
    asked = licence_asked(stall.operator_kind, [facts.category])
    if stall.operator_kind == HOUSEHOLD and licence_missing(asked, stall.licence_number):
        raise Invalid(
            _("The law asks a licence for these goods. Enter its number on the shop first."),
            field="category",
            code="licence",
        )


def check_pack(pack: Pack, unit: str) -> None:
    """Raise Invalid at the first particular of a pack that cannot be."""
    if not pack.code or len(pack.code) > 40:
        raise Invalid(_("Give the pack a code of at most 40 characters."), field="code")
    if not pack.label_zh or len(pack.label_zh) > 60:
        raise Invalid(_("Say on the pack what is in it, in at most 60 characters."), field="label_zh")
    if not 0 < pack.content_amount <= LARGEST:
        raise Invalid(
            _("The quantity must be more than zero and not absurdly large."), field="content_amount"
        )
    if pack.sold_by not in ("piece", "weight") or (pack.sold_by == "weight" and unit != Unit.GRAM):
        raise Invalid(_("Only what is counted in grams can be sold by weight."), field="sold_by")
    if pack.tare_g < 0:
        raise Invalid(_("A package cannot weigh less than nothing."), field="tare_g")


def terms_of(products: Sequence[tuple[ProductFacts, Shop]]) -> list[str]:
    """The search terms of several products, their places' names read in one statement."""
    codes = {code[:length] for facts, _shop in products for code in [facts.place] for length in (6, 9, 12)}
    known = names(codes)
    return [
        search_terms(
            name_zh=facts.name_zh,
            name_en=facts.name_en,
            code=facts.code,
            variety_zh=facts.variety_zh,
            variety_en=facts.variety_en,
            others=[
                CATEGORIES[facts.category].zh,
                CATEGORIES[facts.category].en,
                shop.name_zh,
                *known_names(shop.known_as),
                *(known.get(code, "") for code in dict.fromkeys(facts.place[:n] for n in (6, 9, 12))),
            ],
        )
        for facts, shop in products
    ]


def say(row: Product, facts: ProductFacts, terms: str) -> None:
    """Write facts and their search terms onto a row; the caller saves it."""
    for name, value in dataclasses.asdict(facts).items():
        setattr(row, name, list(value) if name == "season_months" else value)
    row.unit = facts.unit.value
    row.icon = facts.icon or CATEGORIES[facts.category].icon
    row.search_terms = terms


def facts_of(row: Product) -> ProductFacts:
    """What is said of a product now."""
    return ProductFacts(
        code=row.code,
        name_zh=row.name_zh,
        category=row.category,
        place=row.place,
        unit=Unit(row.unit),
        name_en=row.name_en,
        kind=row.kind,
        season_months=tuple(row.season_months),
        story_zh=row.story_zh,
        story_en=row.story_en,
        icon="" if row.icon == CATEGORIES[row.category].icon else row.icon,
        variety_zh=row.variety_zh,
        variety_en=row.variety_en,
    )


def _refuse_unbound(row: Product, facts: ProductFacts) -> None:
    """What was weighed stays goods, what had its days opened a service, and both are counted as they were."""
    if row.bound_at is not None and row.kind != facts.kind:
        raise Conflict(
            _("Something of it was weighed, opened or put on sale as what it is. Add a new product instead."),
            field="kind",
        )
    if row.unit != facts.unit and (row.bound_at or Pack.objects.filter(product_id=row.id).exists()):
        raise Conflict(
            _("Its packs and its stock are counted in the old unit. Add a new product instead."), field="unit"
        )


def _refuse_taken(code: str, county: str, product: UUID) -> None:
    if Product.objects.filter(county=county, code=code).exclude(pk=product).exists():
        raise Conflict(_("Another product has this code."), field="code")
