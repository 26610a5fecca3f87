"""What the checkout form says, kept whole from one sending to the next so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid, uuid7
from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.surfaces.shop.sent_form import SentForm
from countyfair.surfaces.ui.places import PlaceChoice
from countyfair.trade.orders.rules.contact import Contact, Gift

LEVELS = 5
#: Digits of the code of a county: parcels go by county at least.
DEEP_ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Asked(SentForm):
    """One sending. `order` is the id made with the form.

    `expected` is what the page said it comes to; before the freight was known (`is_total` False) that
    is the goods alone, and the order goes through at once only where nothing is added to it.
    """

    FIELDS = frozenset(
        {"fulfilment", "place", "address", "station", "name", "phone", "gateway", "coupon", "gift_name",
         "gift_phone", "greeting"}
    )  # fmt: skip

    order: UUID
    fulfilment: str = "delivery"
    code: str = ""
    address: str = ""
    station: str = ""
    name: str = ""
    phone: str = ""
    gateway: str = "sandbox"
    coupon: str = ""
    gift_name: str = ""
    gift_phone: str = ""
    greeting: str = ""
    expected: int = 0
    is_total: bool = False
    wants_next: bool = False
    place: PlaceChoice | None = None

    @property
    def contact(self) -> Contact:
        """Who buys it, and who gets it where that is somebody else."""
        gift = Gift(self.gift_name, self.gift_phone, self.greeting) if self.is_gift else None
        return Contact(
            self.name, self.phone, self.address if self.fulfilment == "delivery" else "", gift=gift
        )  # fmt: skip

    @property
    def is_gift(self) -> bool:
        """Whether anything was written of a gift."""
        return bool(self.gift_name.strip() or self.gift_phone.strip() or self.greeting.strip())

    @property
    def says_where(self) -> bool:
        """Whether it is known whither it goes, as far down as is needed and without a refusal of it."""
        if self.fulfilment == "delivery":
            return len(self.code) >= DEEP_ENOUGH and not self.error("place")
        return parse_uuid(self.station) is not None and not self.error("station")

    def refused(self, *refusals: Refusal) -> Asked:
        """The same, with what is wrong about it."""
        return replace(self, refusals=refusals)

    def missing(self) -> tuple[Refusal, ...]:
        """Everything that is plainly left out, told at once and not one by one."""
        wrong: list[Refusal] = []
        if self.fulfilment == "delivery":
            if len(self.code) < DEEP_ENOUGH:
                wrong.append(
                    Invalid(_("Choose where it is to go, down to the county at least."), field="place")
                )
            if not self.address.strip():
                wrong.append(Invalid(_("Write street and house, or the village group."), field="address"))
        elif not parse_uuid(self.station):
            wrong.append(Invalid(_("Choose the station where you want to pick it up."), field="station"))
        if self.fulfilment == "delivery" and self.gateway == "counter":
            wrong.append(
                Invalid(_("Cash is paid where you pick up. Choose pick-up, or pay online."), field="gateway")
            )
        if not self.name.strip():
            wrong.append(Invalid(_("Write the name of who receives it."), field="name"))
        if not self.phone.strip():
            wrong.append(Invalid(_("Enter a phone number, for example 138 0013 8000."), field="phone"))
        return tuple(wrong)


def fresh() -> Asked:
    """An empty form with an id of its own."""
    return Asked(uuid7())


def read(data: Mapping[str, str], order: UUID) -> Asked:
    """What was sent. No list is asked: a place that is none is refused when freight is."""
    expected = data.get("expected", "")
    pickup = data.get("fulfilment") == "pickup"
    return Asked(
        order,
        fulfilment="pickup" if pickup else "delivery",
        code=_deepest(data),
        address=data.get("address", "")[:400],
        station=data.get("station", "")[:36],
        name=data.get("name", "")[:200],
        phone=data.get("phone", "")[:40],
        gateway=data.get("gateway", "")[:20],
        coupon=data.get("coupon", "").strip()[:40],
        gift_name=data.get("gift_name", "")[:200],
        gift_phone=data.get("gift_phone", "")[:40],
        greeting=data.get("greeting", "")[:400],
        expected=int(expected) if expected.isascii() and expected.isdigit() and len(expected) < 16 else 0,
        is_total=bool(data.get("is_total")),
        wants_next=bool(data.get("place_next") or data.get("stations") or data.get("apply")),
    )


def _deepest(data: Mapping[str, str]) -> str:
    """The last of the picker's selects that continues the one above it."""
    code = ""
    for number in range(1, LEVELS + 1):
        given = data.get(f"place_{number}", "")
        if not (given.isascii() and given.isdigit() and len(given) <= 12 and given.startswith(code)):
            break
        code = given
    return code
