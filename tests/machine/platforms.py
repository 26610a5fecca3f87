"""A shop on an outside platform: its orders, what becomes of them there, its settlements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import column, rows, scalar
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.platforms.shape import Charge, State, TheirCharge, TheirOrder
from countyfair.outreach.channels.tests.factories import a_connection, their_order
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock import actions as stock
from tests.machine import books
from tests.machine.bought import kept
from tests.machine.season import WHICH, Season, rule

PLATFORM = "pinduoduo"
#: Fen of a piece there.
PIECE = 2700


@dataclass
class Theirs:
    """An order as its platform knows it. `settled_fen` is what the platform said that it paid for it."""

    told: TheirOrder
    settled_fen: int = 0

    @property
    def number(self) -> str:
        return self.told.number


@dataclass(frozen=True, slots=True)
class Stands:
    """Where it stands here; `state` "" where it is not taken in."""

    id: UUID
    standing: str
    state: str
    due_fen: int
    cut_fen: int
    back_fen: int


class Platforms(Season):
    """What buyers, the platform and its files do, and the clerk who minds them."""

    def begin(self) -> None:
        super().begin()
        self.stand: UUID | None = None
        self.theirs: list[Theirs] = []

    def look_at_rest(self) -> None:
        """Money of the platform's orders, counted beside the books: what it did not settle it owes."""
        super().look_at_rest()
        there, owes = kept(), 0
        for one in self.theirs:
            found = self.stands(one)
            if found.state:
                left = found.due_fen - found.cut_fen - found.back_fen
                assert there[found.id].kept_fen == (0 if found.state == "cancelled" else left), (one, found)
                owes += there[found.id].kept_fen
        booked = int(str(scalar("SELECT coalesce(sum(gross_fen), 0) FROM channels_booking")))
        # What it gave back stands there until the job has heard of it.
        unheard = int(str(scalar(_UNHEARD, [PLATFORM])))
        assert balance(county=COUNTY, code="clearing", owner=PLATFORM) == owes - booked + unheard

    @rule(pieces=st.integers(1, 3), paid=st.integers(0, 4).map(bool), times=st.integers(1, 2))
    def order_there(self, pieces: int, paid: bool, times: int) -> None:
        """Somebody buys there; a file tells it, once or twice."""
        number = f"P{len(self.theirs)}"
        state: State = "paid" if paid else "unpaid"
        with at(self.moment):
            one = Theirs(their_order(number, state=state, pieces=pieces, paid_fen=PIECE * pieces))
        self.theirs.append(one)
        for _time in range(times):
            self.tell(one)
        self.tally[f"ordered there: {self.stands(one).standing}"] += 1

    @rule(
        needs="theirs",
        which=WHICH,
        to=st.sampled_from(["paid", "shipped", "received", "received", "closed", "unpaid"]),
        times=st.integers(1, 2),
    )
    def it_moves_on_there(self, which: int, to: State, times: int) -> None:
        """A later file tells another state, or an older file one that was before."""
        one = self.their(which)
        before = self.stands(one)
        gone = to in ("shipped", "received")
        waybill, carrier = (f"75{one.number}", "中通") if gone else ("", "")
        paid_at = one.told.ordered_at if to in ("paid", "shipped", "received") else one.told.paid_at
        one.told = replace(one.told, state=to, waybill=waybill, carrier=carrier, paid_at=paid_at)
        for _time in range(times):
            self.tell(one)
        after = self.stands(one)
        if before.state == "handed_over" and after.state == "cancelled":
            self.lost += books.sent_g(after.id)
        self.tally[f"there {to}: {after.standing}"] += 1

    @rule(needs="theirs", which=WHICH, part=st.sampled_from([10, 50, 100]))
    def it_is_given_back_there(self, which: int, part: int) -> None:
        """The platform gives its buyer money back, before the goods left or after."""
        one = self.their(which)
        if one.told.state == "unpaid":
            return
        before = self.stands(one)
        back = max(one.told.refunded_fen, one.told.due_fen * part // 100)
        one.told = replace(one.told, refunded_fen=back)
        self.tell(one)
        after = self.stands(one)
        if before.state == "handed_over" and after.state == "cancelled":
            self.lost += books.sent_g(after.id)
        self.tally[f"given back there: {after.state or after.standing}"] += 1

    @rule(needs="theirs", which=WHICH, short=st.sampled_from([0, 0, 0, 100]), times=st.integers(1, 2))
    def it_settles(self, which: int, short: int, times: int) -> None:
        """It settles what it owes less a commission, or too little; its file may come twice."""
        one = self.their(which)
        found = self.stands(one)
        owed = found.due_fen - found.cut_fen - found.back_fen - one.settled_fen
        if not found.state or owed <= short:
            return
        paid = owed - short
        moved: tuple[tuple[Charge, int], ...] = (("sale", paid), ("commission", -paid // 20))
        with self.doing("it settles"), at(self.moment):
            key = f"{one.number}-{one.settled_fen}"
            told = [
                TheirCharge(f"{key}-{kind}", one.number, "", kind, fen, self.moment, kind)
                for kind, fen in moved
                if fen
            ]
            outcomes: set[str] = set()
            for _time in range(times):
                channels.charge(SYSTEM, connection=self.shop, told=told)
                outcomes |= set(channels.book_settled())
            one.settled_fen += paid
            self.tally[f"settled {'short' if short else 'whole'}: {' '.join(sorted(outcomes))}"] += 1

    @rule(which=WHICH)
    def a_clerk_accepts(self, which: int) -> None:
        """What was paid too little is taken as it is."""
        found = column("SELECT id FROM channels_difference WHERE ended_at IS NULL ORDER BY id", of=UUID)
        if found:
            with self.doing("accept a difference"):
                channels.accept_difference(SYSTEM, difference=found[which % len(found)], note="样例")

    @rule(which=WHICH, how=st.sampled_from(["part", "call off", "again"]))
    def a_clerk_minds_what_is_short(self, which: int, how: str) -> None:
        """One piece goes out, or it is called off, or it is tried again."""
        short = [one for one in self.theirs if self.stands(one).standing in ("short", "refused")]
        if not short:
            return
        key = self.stands(short[which % len(short)]).id
        with self.doing(f"what is short: {how}"):
            if how == "part":
                channels.send_part(SYSTEM, arrival=key, pieces={"1": 1})
            elif how == "call off":
                channels.call_off_short(SYSTEM, arrival=key, reason="out_of_stock")
            else:
                channels.place_waiting(SYSTEM, connection=self.shop, arrivals=[key])

    @rule(needs="theirs", which=WHICH, steps=st.integers(1, 3))
    def it_is_packed_here(self, which: int, steps: int) -> None:
        """It goes our way like any other order."""
        one = self.their(which)
        for _step in range(steps):
            found = self.stands(one)
            if found.state:
                with self.doing("an order of theirs goes on"):
                    self.one_step(found.id, found.state)

    @property
    def shop(self) -> UUID:
        """The shop there, connected when it is first needed; its goods are the first stall's."""
        if self.stand is None:
            with at(self.moment):
                offer = an_offer(pack=self.stalls[0].pack, price_fen=PIECE, outlet=PLATFORM)
                stock.feed(SYSTEM, offer=offer)
                self.stand = a_connection(self.fair, PLATFORM)
                seen = their_order("T0", state="closed")
                channels.bring(SYSTEM, connection=self.stand, told=[seen])
                sql = "SELECT id FROM channels_listing WHERE connection_id = %s"
                listing = UUID(str(scalar(sql, [self.stand])))
                channels.map_listing(SYSTEM, listing=listing, offer=offer)
        return self.stand

    def tell(self, one: Theirs) -> None:
        with at(self.moment):
            channels.bring(SYSTEM, connection=self.shop, told=[one.told])

    def their(self, which: int) -> Theirs:
        return self.theirs[-1 - which % len(self.theirs)]

    def stands(self, one: Theirs) -> Stands:
        return rows(_STANDS, [self.shop, one.number], into=Stands)[0]

    def one_step(self, order: UUID, state: str) -> None:
        """Pack, hand over or deliver one of the platform's orders."""
        if state == "paid":
            orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=900)
        elif state == "packed":
            orders.hand_over(SYSTEM, order_id=order)
        else:
            orders.deliver(SYSTEM, order_id=order, evidence="样例")


_UNHEARD = """
SELECT coalesce(sum(r.amount_fen), 0) FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id
 WHERE c.gateway = %s AND r.state <> 'done'
"""
_STANDS = """
SELECT a.id, a.standing, coalesce(o.state, ''), a.due_fen, a.cut_fen,
       coalesce((SELECT sum(r.amount_fen) FROM orders_refund r WHERE r.order_id = a.id), 0)::bigint
  FROM channels_arrival a LEFT JOIN orders_order o ON o.id = a.id
 WHERE a.connection_id = %s AND a.number = %s
"""
