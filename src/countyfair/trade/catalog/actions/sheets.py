"""Loading a product sheet: all of it or nothing, and the same sheet again makes nothing new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.listing import list_products
from countyfair.trade.catalog.actions.products import (
    ProductFacts,
    check,
    check_licence,
    check_pack,
    facts_of,
    say,
    terms_of,
)
from countyfair.trade.catalog.events import OfferChanged, ProductRenamed
from countyfair.trade.catalog.models import Offer, Pack, Product, Shop
from countyfair.trade.catalog.queries.sheets import Planned, preview, shop_called
from countyfair.trade.catalog.rules.sheets import SheetLine

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a sheet made: its lines by what became of them."""

    new: int
    changed: int
    same: int
    stock_figures: int


@verb
def load_sheet(
    actor: Actor,
    *,
    county: str,
    shop: str,
    data: bytes,
    on_sale: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Loaded:
    """Bring a product sheet into a shop's catalogue: products, packs, and an offer for each pack.

    New offers are drafts unless `on_sale`; a new price is a new version of its offer. Stock is not
    loaded: it is weighed in, from a household.

    Raises:
        Missing, Forbidden: no such shop, or not the actor's to manage or to offer for.
        Invalid: any row cannot be used; `details["problems"]` lists them all and nothing is loaded.
    """
    stall = Shop.objects.select_for_update(no_key=True).get(pk=shop_called(county, shop).id)
    actor.require("catalog.manage", place=county, organisation=stall.organisation_id)
    actor.require("catalog.offer", place=county, organisation=stall.organisation_id)
    plan = preview(actor, county=county, shop=shop, data=data, progress=progress)
    if plan.problems:
        raise Invalid(
            _("%(count)d cells cannot be used. Correct them and load the sheet again.")
            % {"count": len(plan.problems)},
            field="file",
            details={"problems": plan.problems},
        )
    _make([one.line for one in plan.planned if one.outcome == "new"], stall, on_sale=on_sale)
    for one in plan.planned:
        if one.outcome == "changed":
            _change(one, stall, on_sale=on_sale)
    return Loaded(plan.count("new"), plan.count("changed"), plan.count("same"), plan.stock_figures)


def facts(line: SheetLine) -> ProductFacts:
    """What a row says of its product."""
    return ProductFacts(
        code=line.product_code,
        name_zh=line.name_zh,
        category=line.category,
        place=line.place,
        unit=line.unit,
        name_en=line.name_en,
        season_months=line.season_months,
        story_zh=line.story_zh,
        variety_zh=line.variety_zh,
    )


def _make(lines: Sequence[SheetLine], shop: Shop, *, on_sale: bool) -> None:
    known = {
        row.code: row
        for row in Product.objects.filter(county=shop.county, code__in={line.product_code for line in lines})
    }
    first = {line.product_code: line for line in reversed(lines) if line.product_code not in known}
    said = [facts(line) for line in first.values()]
    for one, terms in zip(said, terms_of([(one, shop) for one in said]), strict=True):
        check(one, shop.county)
        check_licence(one, shop)
        made = Product(id=uuid7(), shop=shop, county=shop.county)
        say(made, one, terms)
        known[one.code] = made
    Product.objects.bulk_create([known[code] for code in first], batch_size=BATCH)
    packs = [_pack(line, known[line.product_code]) for line in lines]
    Pack.objects.bulk_create(packs, batch_size=BATCH)
    _offer([(pack, line.price_fen) for pack, line in zip(packs, lines, strict=True)], on_sale=on_sale)


def _pack(line: SheetLine, product: Product) -> Pack:
    made = Pack(
        id=uuid7(),
        product=product,
        county=product.county,
        code=line.pack_code,
        label_zh=line.label_zh,
        content_amount=line.content_amount,
        sold_by=line.sold_by,
    )
    check_pack(made, line.unit)
    return made


def _offer(priced: Sequence[tuple[Pack, int]], *, on_sale: bool) -> None:
    moment = now()
    made = [
        Offer(
            id=uuid7(),
            pack=pack,
            product_id=pack.product_id,
            county=pack.county,
            price_fen=price,
            state="on" if on_sale else "draft",
            put_up_at=moment if on_sale else None,
        )
        for pack, price in priced
    ]
    Offer.objects.bulk_create(made, batch_size=BATCH)
    if on_sale:
        list_products({one.product_id for one in made})
        for one in made:
            _announce(one)


def _change(one: Planned, shop: Shop, *, on_sale: bool) -> None:
    held = one.held
    if held is None:
        return
    if set(one.differs) - {"price_fen"}:
        row = Product.objects.select_for_update(no_key=True).get(pk=held.product)
        before = facts_of(row)
        then = {name: value for name, (_now, value) in one.differs.items() if name != "price_fen"}
        after = ProductFacts(**{**{name: getattr(before, name) for name in before.__slots__}, **then})
        check(after, row.county)
        check_licence(after, shop)
        say(row, after, terms_of([(after, shop)])[0])
        row.save()
        announce(ProductRenamed(row.id), county=row.county)
    if "price_fen" in one.differs:
        if held.offer is None:
            _offer([(Pack.objects.get(pk=held.pack), one.line.price_fen)], on_sale=on_sale)
            return
        offer = Offer.objects.select_for_update(no_key=True).get(pk=held.offer)
        offer.price_fen = one.line.price_fen
        offer.version += 1
        offer.save(update_fields=["price_fen", "version"])
        list_products({offer.product_id})
        _announce(offer)


def _announce(offer: Offer) -> None:
    announce(
        OfferChanged(offer.id, offer.product_id, offer.outlet, offer.state, offer.version, offer.price_fen),
        county=offer.county,
    )
