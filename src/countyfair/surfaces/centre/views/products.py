"""Products: what is said of them, the packs they are sold in, their photos."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import LICENCES, OFFERS, OUTLETS
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.surfaces.ui.pictures import largest, recording, smallest
from countyfair.surfaces.ui.translation import spoken
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.queries.desk import ProductSeen, product_whole
from countyfair.trade.catalog.rules import CATEGORIES
from countyfair.trade.catalog.rules.certificates import KINDS
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE

#: What a product's form says, in the form's own names.
FIELDS = (
    "code",
    "name_zh",
    "name_en",
    "variety_zh",
    "variety_en",
    "category",
    "place",
    "unit",
    "kind",
    "story_zh",
    "story_en",
)


@page("catalog.read", own=True)
def products(desk: Desk) -> HttpResponse:
    """Products by code, those not on sale too; filters: text, shop."""
    asked = Given(desk.request.GET)
    found = queries.managed_products(
        desk.actor,
        county=desk.county,
        shop=asked.key("shop"),
        text=asked.text("q", most=80),
        after=asked.text("after"),
        limit=ROWS + 1,
    )
    return desk.show(
        "products",
        {
            "leaf": leaf(desk.request, found, lambda row: row.code),
            "shops": [(row.id, said(row.name_zh, row.name_en)) for row in queries.shops(county=desk.county)],
            "asked": desk.request.GET,
            "categories": dict(_categories()),
            "said": said,
        },
        codes=[row.place for row in found],
    )


@page("catalog.read", own=True)
def product(desk: Desk, key: UUID) -> HttpResponse:
    """One product with its packs, photos and offers."""
    return _product(desk, key)


@page("catalog.manage", own=True)
def add(desk: Desk) -> HttpResponse:
    """Add a product to a shop."""

    def act(given: Given) -> HttpResponse:
        shop = given.key("shop", need=_("Choose the shop."))
        facts, once = _facts(given, ""), ui.once(desk.request)
        given.stop()
        if shop is None:
            raise Missing(_("There is no such shop."))
        actions.add_product(desk.actor, product=once, shop=shop, facts=facts)
        return desk.go("product", once, said=_("The product is in the catalogue. Give it a pack next."))

    return desk.asks(lambda refusal: _form(desk, None, refusal), act)


@page("catalog.manage", own=True)
def change(desk: Desk, key: UUID) -> HttpResponse:
    """Say something else of a product."""
    row = own_product(desk, key)

    def act(given: Given) -> HttpResponse:
        facts = _facts(given, row.icon)
        given.stop()
        actions.change_product(desk.actor, product=key, facts=facts)
        return desk.go("product", key, said=_("Saved. What was sold keeps what it said then."))

    return desk.asks(lambda refusal: _form(desk, row, refusal), act)


@page("catalog.manage", own=True)
def withdraw(desk: Desk, key: UUID) -> HttpResponse:
    """Take a product out of the catalogue."""
    own_product(desk, key)
    try:
        actions.withdraw_product(desk.actor, product=key)
    except Correctable as refusal:
        return _product(desk, key, refusal)
    return desk.go("product", key, said=_("The product is no longer in the catalogue."))


@page("catalog.manage", own=True)
def add_pack(desk: Desk, key: UUID) -> HttpResponse:
    """Add a way to sell a product."""
    row = own_product(desk, key)

    def act(given: Given) -> HttpResponse:
        content = given.amount("content_amount", row.unit)
        tare = given.amount_if_any("tare_g", "g") or 0
        once = ui.once(desk.request)
        given.stop()
        actions.add_pack(
            desk.actor,
            pack=once,
            product=key,
            code=given.text("code"),
            label_zh=given.text("label_zh"),
            label_en=given.text("label_en", most=80),
            content_amount=content,
            sold_by=given.text("sold_by"),
            tare_g=tare,
        )
        return desk.go("product", key, said=_("The pack is there. Put it up for sale next."))

    return desk.asks(lambda refusal: _pack_form(desk, row, refusal), act)


@page("catalog.manage", own=True)
def add_photo(desk: Desk, key: UUID) -> HttpResponse:
    """Add a photo: drawn anew, without what the camera wrote into it."""
    row = own_product(desk, key)

    def act(given: Given) -> HttpResponse:
        file = desk.request.FILES.get("photo")
        if file is None:
            given.errors.append(("photo", _("Choose a picture.")))
        once = ui.once(desk.request)
        given.stop()
        actions.add_photo(
            desk.actor,
            photo=once,
            product=key,
            data=file.read(LARGEST_FILE + 1) if file else b"",
            alt_zh=given.text("alt_zh"),
            alt_en=given.text("alt_en"),
        )
        return desk.go("product", key, said=_("The photo is shown."))

    return desk.asks(lambda refusal: _photo_form(desk, row, refusal), act)


@page("catalog.manage", own=True)
def withdraw_photo(desk: Desk, key: UUID) -> HttpResponse:
    """Show a photo no longer."""
    row = own_product(desk, key)
    photo = parse_uuid(desk.request.POST.get("photo", ""))
    if photo not in {one.id for one in row.photos} or photo is None:
        raise Missing(_("There is no such photo."))
    actions.withdraw_photo(desk.actor, photo=photo)
    return desk.go("product", key, said=_("The photo is taken away."))


@page("catalog.manage", own=True)
def withdraw_voice(desk: Desk, key: UUID) -> HttpResponse:
    """Let buyers hear a recording no longer."""
    row = own_product(desk, key)
    voice = parse_uuid(desk.request.POST.get("voice", ""))
    if voice not in {one.id for one in row.voices} or voice is None:
        raise Missing(_("There is no such recording."))
    actions.withdraw_voice(desk.actor, voice=voice)
    return desk.go("product", key, said=_("The recording is taken away."))


def own_product(desk: Desk, key: UUID) -> ProductSeen:
    """The product of this address, of this county.

    Raises:
        Missing: there is none, or none in this county.
    """
    return desk.own(lambda: product_whole(desk.actor, product=key), lambda row: row.county)


def _product(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = own_product(desk, key)
    return desk.show(
        "product",
        {
            "product": row,
            "categories": dict(_categories()),
            "months": _months(),
            "outlets": OUTLETS,
            "states": OFFERS,
            "picture": smallest,
            "recording": recording,
            "largest": largest,
            "kinds": KINDS,
            "licences": LICENCES,
            "certifies": desk.at_county("catalog.manage") and row.withdrawn_at is None,
            "said": said,
        },
        codes=[row.place],
        refusal=refusal,
    )


def _facts(given: Given, icon: str) -> actions.ProductFacts:
    months = [int(month) for month in given.many("season_months") if month.isdecimal()]
    unit = given.text("unit")
    if unit not in (Unit.GRAM, Unit.PIECE):
        given.errors.append(("unit", _("Choose one from the list.")))
        unit = Unit.GRAM
    place = given.text("place", need=_("Choose the place."))
    category = given.text("category")
    return actions.ProductFacts(
        code=given.text("code"),
        name_zh=given.text("name_zh"),
        category=category,
        place=place or "000000",
        unit=Unit(unit),
        name_en=given.text("name_en"),
        kind=given.text("kind") or "goods",
        season_months=tuple(sorted(set(months))),
        story_zh=given.text("story_zh"),
        story_en=given.text("story_en"),
        variety_zh=given.text("variety_zh"),
        variety_en=given.text("variety_en"),
        icon="" if category in CATEGORIES and icon in _category_icons() else icon,
    )


def _category_icons() -> set[str]:
    return {category.icon for category in CATEGORIES.values()}


def _form(desk: Desk, row: ProductSeen | None, refusal: Refusal | None = None) -> HttpResponse:
    typed: dict[str, object] = {name: getattr(row, name) for name in FIELDS} if row else {}
    months: list[str] = [str(month) for month in row.season_months] if row else []
    if desk.request.method == "POST":
        typed = dict(desk.request.POST.items())
        months = desk.request.POST.getlist("season_months")
    shops = [] if row else _shops(desk)
    return desk.show(
        "product_form",
        {
            "product": row,
            "typed": {"unit": "g", "kind": "goods", "shop": ""} | typed,
            "chosen_months": months,
            "once": desk.request.POST.get("once"),
            "shops": shops,
            "categories": list(_categories()),
            "months": list(_months().items()),
            "villages": villages.choices(desk.county, whole=True),
            "said": said,
        },
        refusal=refusal,
    )


def _shops(desk: Desk) -> list[tuple[UUID, str]]:
    """The shops that this person may add to."""
    everywhere = desk.at_county("catalog.manage")
    return [
        (one.id, said(one.name_zh, one.name_en))
        for one in queries.shops(county=desk.county)
        if everywhere or one.organisation in desk.organisations
    ]


def _pack_form(desk: Desk, row: ProductSeen, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "product": row,
        "typed": desk.request.POST,
        "once": desk.request.POST.get("once"),
        "said": said,
    }
    return desk.show("pack_form", context, refusal=refusal)


def _photo_form(desk: Desk, row: ProductSeen, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "product": row,
        "typed": desk.request.POST,
        "once": desk.request.POST.get("once"),
        "said": said,
    }
    return desk.show("photo_form", context, refusal=refusal)


def _categories() -> list[tuple[str, str]]:
    return [(key, said(one.zh, one.en)) for key, one in CATEGORIES.items()]


def _months() -> dict[int, str]:
    english = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    chinese = spoken().startswith("zh")
    return {number: f"{number}月" if chinese else name for number, name in enumerate(english, 1)}
