"""A shop with something on its shelf, made through the room's own verbs."""

from __future__ import annotations

import io
import itertools
import math
import struct
import wave
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Unit
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE, an_organisation
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.rules.grading import Grade, Limit, StandardTerms

_next = itertools.count(1)


def a_shop(*, county: str = COUNTY, organisation: UUID | None = None, name_zh: str = "样例摊位") -> UUID:
    return actions.open_shop(
        SYSTEM,
        shop=uuid7(),
        county=county,
        slug=f"stall-{next(_next)}-{uuid7().hex[-6:]}",
        name_zh=name_zh,
        organisation=organisation or an_organisation(place=county),
    ).id


def facts(
    *,
    code: str = "",
    name_zh: str = "黑糯米",
    name_en: str = "Black sticky rice",
    category: str = "grain",
    place: str = VILLAGE,
    unit: Unit = Unit.GRAM,
    season_months: tuple[int, ...] = (),
    kind: str = "goods",
    variety_zh: str = "",
) -> actions.ProductFacts:
    return actions.ProductFacts(
        code=code or f"P{next(_next)}-{uuid7().hex[-6:]}",
        name_zh=name_zh,
        name_en=name_en,
        category=category,
        place=place,
        unit=unit,
        season_months=season_months,
        kind=kind,
        variety_zh=variety_zh,
    )


def a_product(*, shop: UUID | None = None, said: actions.ProductFacts | None = None) -> UUID:
    return actions.add_product(SYSTEM, product=uuid7(), shop=shop or a_shop(), facts=said or facts()).id


def a_pack(*, product: UUID | None = None, content_amount: int = 500, sold_by: str = "piece") -> UUID:
    return actions.add_pack(
        SYSTEM,
        pack=uuid7(),
        product=product or a_product(),
        code=f"K{next(_next)}-{uuid7().hex[-6:]}",
        label_zh=f"{content_amount}克装",
        label_en=f"{content_amount} g",
        content_amount=content_amount,
        sold_by=sold_by,
    ).id


def an_offer(
    *, pack: UUID | None = None, price_fen: int = 2980, outlet: str = "shop", actor: Actor = SYSTEM
) -> UUID:
    return actions.put_up(
        actor, offer=uuid7(), pack=pack or a_pack(), price=Money(price_fen), outlet=outlet
    ).id


#: Fruit by diameter and sugar: first grade counts whole, second for four fifths, off-grade for half.
TERMS = StandardTerms(
    (
        Grade("first", 1000, {"diameter": Limit(Decimal(60)), "sugar": Limit(Decimal(12))}),
        Grade("second", 800, {"diameter": Limit(Decimal(50)), "sugar": Limit(Decimal(10))}),
    ),
    500,
)


def a_standard(*, product: UUID | None = None, category: str = "", terms: StandardTerms = TERMS) -> UUID:
    return actions.set_standard(
        SYSTEM, standard=uuid7(), county=COUNTY, name_zh="样例标准", product=product, category=category,
        terms=terms,
    ).id  # fmt: skip


def a_sound(seconds: float = 1.0) -> bytes:
    """A WAV file of a tone."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        tone = (round(8000 * math.sin(at / 5)) for at in range(round(seconds * 8000)))
        made.writeframes(b"".join(struct.pack("<h", one) for one in tone))
    return file.getvalue()


def a_voice(product: UUID, *, words: str = "样例·说") -> UUID:
    """A recording that buyers hear."""
    made = uuid7()
    actions.record_voice(SYSTEM, voice=made, product=product, data=a_sound(), words=words)
    actions.show_voice(SYSTEM, voice=made)
    return made


def a_certificate(product: UUID, **said: Any) -> UUID:
    """A certificate that holds from today on for a year; `said` are other particulars."""
    first: date = said.get("since") or today()
    told: dict[str, Any] = {
        "certificate": uuid7(), "kind": "organic", "number": "样例-1", "issuer": "样例认证机构",
        "since": first, "until": first + timedelta(days=365),
    } | said  # fmt: skip
    return actions.enter_certificate(SYSTEM, product=product, **told).id


def a_brand(*, standard: UUID | None = None, least: str = "first", name_zh: str = "样例脐橙") -> UUID:
    return actions.set_brand(
        SYSTEM, brand=uuid7(), county=COUNTY, name_zh=name_zh, name_en="Sample navel orange",
        holder="样例脐橙协会", standard=standard or a_standard(product=a_product()), least=least,
    ).id  # fmt: skip


def licensed(product: UUID, *, standard: UUID, least: str = "first") -> tuple[UUID, UUID]:
    """A brand by this standard, and the licence of the product's shop to bear it."""
    mark = a_brand(standard=standard, least=least)
    shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [product])
    return mark, a_licence(brand=mark, shop=UUID(str(shop)))


def a_licence(
    *,
    brand: UUID,
    shop: UUID | None = None,
    licence: UUID | None = None,
    number: str = "样例-1",
    since: date | None = None,
) -> UUID:
    begins = since or today()
    return actions.grant_licence(
        SYSTEM, licence=licence or uuid7(), brand=brand, shop=shop or a_shop(), number=number, since=begins,
        until=begins + timedelta(days=365),
    ).id  # fmt: skip
