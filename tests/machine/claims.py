"""Claims on what was delivered: asked, withdrawn, answered with money, with goods or with no; goods back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st
from PIL import Image

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries.judging import Judged, judged
from countyfair.trade.orders.rules.claims import BEARERS, KINDS
from tests.machine.bought import REPLACEMENT, Bought
from tests.machine.payouts import Payouts
from tests.machine.season import WHICH, rule

BUYER = Actor.guest("link")
#: "part" and "full" of what was claimed; "all": the carriage too.
ANSWERS = ("part", "full", "all", "again", "again", "no")


def a_picture() -> bytes:
    """What a buyer photographs."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "tan").save(file, "JPEG")
    return file.getvalue()


PICTURE = a_picture()


@dataclass
class Claimed:
    """A claim that was sent, and of which order."""

    id: UUID
    of: Bought


class Claims(Payouts):
    """Buyers who are not content, and the desk that answers them."""

    def begin(self) -> None:
        super().begin()
        self.claims: list[Claimed] = []

    @rule(
        needs="bought", which=WHICH, nth=st.integers(0, 1), kind=st.sampled_from(list(KINDS)),
        part=st.integers(1, 100),
        on_receipt=st.booleans(), far=st.sampled_from(["delivered", "completed", "paid out"]),
        what=st.sampled_from(["", *ANSWERS]), bearer=st.sampled_from(["", *BEARERS]),
        goods_back=st.booleans(),
    )  # fmt: skip
    def claim(
        self, which: int, nth: int, kind: str, part: int, on_receipt: bool, far: str, what: str, bearer: str,
        goods_back: bool,
    ) -> None:  # fmt: skip
        """Of an order that went so far, or is let go so far now; each form sent twice, some answered."""
        one = self.bought_as(which)
        if one is None:
            return
        self._go_until(one, "delivered" if far == "delivered" else "completed")
        if far == "paid out":
            self.prepare_payout("household", again=False)
        claim, photo = uuid7(), uuid7()
        with self.doing("claim"):
            lines = read.order(SYSTEM, order_id=one.id).lines
            line = lines[nth % len(lines)]
            amount = max(1, line.quantity * line.content_amount * part // 100)
            for _time in range(2):
                orders.begin_claim(
                    BUYER, claim_id=claim, order_id=one.id, line_id=line.id, kind=kind, amount=amount,
                    on_receipt=on_receipt, words="样例", token=one.token,
                )  # fmt: skip
                orders.add_claim_photo(BUYER, photo_id=photo, claim_id=claim, data=PICTURE, token=one.token)
                orders.send_claim(BUYER, claim_id=claim, token=one.token)
            self.claims.append(Claimed(claim, one))
        if what and self.claims:
            self.answer(0, what, bearer, goods_back, twice=on_receipt)

    @rule(needs="claims", which=WHICH)
    def withdraw_a_claim(self, which: int) -> None:
        if claimed := self._claimed(which):
            with self.doing("withdraw a claim"):
                orders.withdraw_claim(BUYER, claim_id=claimed.id, token=claimed.of.token)

    @rule(
        needs="claims", which=WHICH, what=st.sampled_from(ANSWERS), bearer=st.sampled_from(["", *BEARERS]),
        goods_back=st.booleans(), twice=st.booleans(),
    )  # fmt: skip
    def answer(self, which: int, what: str, bearer: str, goods_back: bool, twice: bool) -> None:
        claimed = self._claimed(which)
        if claimed is None:
            return
        with at(self.moment):
            facts = judged(claimed.id)
        money = {"part": facts.due_fen // 2, "full": facts.due_fen, "all": facts.due_fen}.get(what, 0)
        said = orders.Answer(
            uuid7(), money, facts.freight_left_fen if what == "all" else 0, bearer, why="样例", said="样例",
            goods_back=goods_back, again=what == "again",
        )  # fmt: skip
        after = " after payout" if self.is_in_a_payout(claimed.of) else ""
        with self.doing(f"answer {what}{after}"):
            for _time in range(1 + twice):
                orders.answer_claim(SYSTEM, claim_id=claimed.id, answer=said)
            self._keep(said, facts, bearer or facts.proposed)

    @rule(needs="claims", which=WHICH, good=st.integers(0, 2), bad=st.integers(0, 1), comes=st.booleans())
    def claimed_goods_come_back(self, which: int, good: int, bad: int, comes: bool) -> None:
        if claimed := self._claimed(which):
            if not comes:
                with self.doing("wait no longer for goods"):
                    orders.give_up_goods(SYSTEM, claim_id=claimed.id)
            else:
                with self.doing("claimed goods come back"):
                    orders.receive_claimed(SYSTEM, claim_id=claimed.id, good_packs=good, bad_packs=bad)

    def _keep(self, said: orders.Answer, facts: Judged, bearer: str) -> None:
        """What the answer must do to the buyer's money, once; a replacement is an order from now on."""
        paid = self.order_called(facts.paid_order)
        if not said.refuses:
            self.tally[f"{'replacement' if said.again else 'money back'} borne by {bearer}"] += 1
        if said.again:
            key = UUID(str(scalar("SELECT order_id FROM orders_replacement WHERE answer_id = %s", [said.id])))
            self.bought.append(Bought(key, paid.intent, 0, REPLACEMENT, paid.again))
        elif not said.refuses:
            paid.back_fen += said.amount_fen + said.freight_fen

    def _go_until(self, one: Bought, state: str) -> None:
        """Let an order go on until it is there; where it cannot, it stays where it is."""
        for _step in range(5):
            if self.state_of(one) in (state, "completed", "cancelled", "refunded", "gathering"):
                return
            self.go_some_steps(one, 1)

    def _claimed(self, which: int) -> Claimed | None:
        return self.claims[-1 - which % len(self.claims)] if self.claims else None
