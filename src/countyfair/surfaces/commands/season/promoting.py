"""What the county takes off prices in a season: a coupon a week, two groups a week, and a mark withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.clock import now, today
from countyfair.surfaces.commands.sample.definition import Table
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.buying import Buying
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import OfferRow, offers
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.queries import promotion
from countyfair.trade.promotions.rules.grouping import GroupTerms
from countyfair.trade.promotions.rules.making import CouponTerms
from countyfair.trade.stock.queries import availability

COUPON_DAY, ENDING_DAY, GROUP_DAYS = 0, 5, (1, 4)
ENDED_EARLY = 0.3
#: A group needs so many, and is open for so long.
NEEDED, OPEN_FOR = 3, timedelta(days=2)
#: Licences are looked at on this weekday of each other week; what was withdrawn comes back a week later.
LICENCE_DAY = 2
BEARERS = ("platform", "centre", "household")


@dataclass(frozen=True, slots=True)
class Promoting:
    """What one county's desk takes off prices, and whose shops bear its brands."""

    agenda: Agenda
    cast: Cast
    buying: Buying
    #: The latest coupon with its code, and the licences of brands by the number in the sample.
    coupons: list[tuple[UUID, str]] = field(default_factory=list)
    licences: dict[str, UUID] = field(default_factory=dict)

    def day(self, day: date) -> None:
        """Lay out a day's promotions."""
        weekday, week = day.weekday(), day.toordinal() // 7
        if weekday == COUPON_DAY:
            self.agenda.on(day, 7.5, partial(self.give_out_coupon, f"YH{day:%m%d}"))
        if weekday == ENDING_DAY and self.agenda.chance.random() < ENDED_EARLY:
            self.agenda.on(day, 12, self.end_coupon)
        if weekday in GROUP_DAYS:
            gathers = weekday == GROUP_DAYS[0]
            self.agenda.on(day, 8.5, partial(self.open_group, gathers=gathers))
        if weekday == LICENCE_DAY and week % 2:
            for brand in self.cast.sample.brands:
                self.agenda.on(day, 9, partial(self.withdraw_licence, brand))

    def give_out_coupon(self, code: str) -> None:
        """A coupon for the week, on all that the county sells."""
        chance, coupon, moment = self.agenda.chance, self.agenda.new_id(), now()
        terms = CouponTerms(
            code=code, name_zh=f"样例·{code} 周券", name_en=f"Sample: coupon {code}",
            bearer=chance.choice(BEARERS), opens_at=moment, closes_at=moment + timedelta(days=7),
            percent=chance.choice((5, 8, 10, 15)), least_fen=3000, most_fen=3000, limit_total=60,
            limit_each=2, public=True,
        )  # fmt: skip
        promotions.make_coupon(self.cast.member("admin"), coupon=coupon, county=self.cast.county, terms=terms)
        self.coupons[:] = [(coupon, code)]
        self.buying.codes[:] = [code]
        self.agenda.tally["coupon given out"] += 1

    def end_coupon(self) -> None:
        """The week's coupon is ended early; who still types it pays the price."""
        for coupon, _code in self.coupons:
            promotions.end_promotion(self.cast.member("admin"), promotion=coupon)
            self.agenda.tally["coupon ended early"] += 1

    def open_group(self, *, gathers: bool) -> None:
        """A group on something there is enough of; it gathers, or one member stays away."""
        offer = self._something_sold()
        if offer is None:
            return
        group, moment = self.agenda.new_id(), now()
        terms = GroupTerms(
            offer=offer.id, name_zh=f"样例·{NEEDED} 人团", name_en=f"Sample: {NEEDED} together",
            bearer=self.agenda.chance.choice(BEARERS), group_fen=max(1, offer.price_fen * 85 // 100),
            needed=NEEDED, opens_at=moment, closes_at=moment + OPEN_FOR,
        )  # fmt: skip
        promotions.open_group(self.cast.member("admin"), group=group, county=self.cast.county, terms=terms)
        self.agenda.tally["group opened"] += 1
        for number in range(NEEDED if gathers else NEEDED - 1):
            wait = timedelta(hours=2 + 9 * number, minutes=self.agenda.chance.randrange(60))
            self.agenda.after(wait, partial(self.join, group, offer.id))
        self.agenda.after(OPEN_FOR + timedelta(hours=2), partial(self.count_group, group))

    def join(self, group: UUID, offer: UUID) -> None:
        """Somebody with the link joins."""
        self.buying.order_packs(offer, 1, group=group)
        self.agenda.tally["group joined"] += 1

    def count_group(self, group: UUID) -> None:
        """How a group ended."""
        self.agenda.tally[f"group {promotion(self.cast.member('admin'), promotion=group).gathered}"] += 1

    def withdraw_licence(self, brand: Table) -> None:
        """A shop's goods were not what the brand promises: it may not bear the mark for a week."""
        for told in brand["licences"]:
            licence = self.licences.get(told["number"], self.cast.ids.of("licence", told["number"]))
            catalog.withdraw_licence(self.cast.member("offers"), licence=licence, reason="样例：抽检糖度不够")
            self.agenda.tally["licence of a brand withdrawn"] += 1
            self.agenda.after(timedelta(days=7), partial(self.grant_licence, brand, told))

    def grant_licence(self, brand: Table, told: Table) -> None:
        """Looked at again, and good."""
        licence = self.licences[told["number"]] = self.agenda.new_id()
        catalog.grant_licence(
            self.cast.member("offers"), licence=licence, brand=self.cast.ids.of("brand", brand["key"]),
            shop=self.cast.ids.of("shop", told["shop"]), number=f"{told['number']}-{today():%m%d}",
            since=today(), until=today() + timedelta(days=365),
        )  # fmt: skip
        self.agenda.tally["licence of a brand granted"] += 1

    def _something_sold(self) -> OfferRow | None:
        """An offer of goods by the piece with enough left for a group and for others."""
        known = {self.cast.ids.of("product", entry["key"]) for entry in self.cast.sample.products}
        on = offers(self.cast.member("offers"), county=self.cast.county, state="on")
        found = sorted(
            (row for row in on if row.product in known and row.sold_by == "piece" and not row.closes_at),
            key=lambda row: row.pack_code,
        )
        left = availability([row.id for row in found])
        enough = [row for row in found if left[row.id] > 2 * NEEDED]
        return self.agenda.chance.choice(enough) if enough else None
