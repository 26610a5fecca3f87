"""What buyers send back in a season: claims with a photo, and what the county answers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from uuid import UUID

from PIL import Image

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.seal import link_token
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries.claim_rows import ClaimRow
from countyfair.trade.orders.queries.claims import claims_of
from countyfair.trade.orders.queries.judging import judged

CLAIMED = 0.04
#: So many days after delivery, some of them long after the households were paid.
DAYS_AFTER = (1, 1, 2, 3, 6, 12)
KINDS = {"spoiled": 6, "short": 2, "wrong": 2}
WORDS = {"spoiled": "样例：有几处坏了", "short": "样例：称下来少了", "wrong": "样例：不是我买的"}
REFUSED = 0.15
SENT_AGAIN = 0.35

GUEST = Actor.guest("season")


@dataclass(frozen=True, slots=True)
class Claiming:
    """What buyers of one county claim, and what its staff answer each morning."""

    agenda: Agenda
    cast: Cast

    def day(self, day: date) -> None:
        """Lay out the answering of a day."""
        self.agenda.on(day, 10.5, self.answer_all)

    def after_delivery(self, order: UUID) -> None:
        """Now and then something is not as it should be."""
        if self.agenda.chance.random() < CLAIMED:
            days = timedelta(days=self.agenda.chance.choice(DAYS_AFTER), hours=2)
            self.agenda.after(days, partial(self.ask, order))

    def ask(self, order: UUID) -> None:
        """The buyer says what is wrong with a pack, shows it, and sends the claim."""
        token, chance = link_token(str(order), "order"), self.agenda.chance
        shown = read.order(GUEST, order_id=order, token=token)
        line = chance.choice(shown.lines)
        kind = chance.choices(list(KINDS), weights=list(KINDS.values()))[0]
        amount = max(1, line.of_packs(1) // (4 if kind == "short" else 1))
        claim = self.agenda.new_id()
        orders.begin_claim(
            GUEST, claim_id=claim, order_id=order, line_id=line.id, kind=kind, amount=amount,
            on_receipt=chance.random() < 0.3, words=WORDS[kind], token=token,
            wish="replacement" if kind != "short" and chance.random() < 0.4 else "money",
        )  # fmt: skip
        orders.add_claim_photo(
            GUEST, photo_id=self.agenda.new_id(), claim_id=claim, data=a_photo(), token=token
        )
        orders.send_claim(GUEST, claim_id=claim, token=token)
        self.agenda.tally[f"claim: {kind}"] += 1
        if chance.random() < 0.05:
            orders.withdraw_claim(GUEST, claim_id=claim, token=token)
            self.agenda.tally["claim withdrawn"] += 1

    def answer_all(self) -> None:
        """Answer what waits at the desk, a minute each: so no two replacements are of one moment."""
        for number, claim in enumerate(claims_of(self.cast.member("packer"), county=self.cast.county)):
            self.agenda.after(timedelta(minutes=1 + number), partial(self.answer, claim))

    def answer(self, claim: ClaimRow) -> None:
        """Money back, the same goods again, or no."""
        drawn = self.agenda.chance.random()
        if drawn >= REFUSED and claim.kind != "short" and drawn < REFUSED + SENT_AGAIN:
            self._send_again(claim)
        else:
            self._pay_back(claim, refuse=drawn < REFUSED)

    def _send_again(self, claim: ClaimRow) -> None:
        """The same goods go out again, as long as there are some; else money goes back."""
        try:
            self._answer(claim, orders.Answer(self.agenda.new_id(), again=True))
        except Invalid:
            self.agenda.tally["claim not replaced: nothing there"] += 1
            self._pay_back(claim, refuse=False)
        else:
            self.agenda.tally["claim answered by the same goods again"] += 1

    def _pay_back(self, claim: ClaimRow, *, refuse: bool) -> None:
        due = judged(claim.id).due_fen
        if refuse or not due:
            self._answer(claim, orders.Answer(self.agenda.new_id(), said="样例：照片里看不出问题"))
            self.agenda.tally["claim refused"] += 1
            return
        back = claim.kind == "wrong"
        self._answer(claim, orders.Answer(self.agenda.new_id(), amount_fen=due, goods_back=back))
        self.agenda.tally["claim answered by money"] += 1
        if back:
            self.agenda.after(timedelta(days=3), partial(self.receive, claim))

    def _answer(self, claim: ClaimRow, answer: orders.Answer) -> None:
        orders.answer_claim(self.cast.member("packer"), claim_id=claim.id, answer=answer)

    def receive(self, claim: ClaimRow) -> None:
        """What came to the wrong buyer is back, as good as before."""
        orders.receive_claimed(
            self.cast.member("packer"), claim_id=claim.id, good_packs=claim.packs, bad_packs=0
        )
        self.agenda.tally["claimed goods came back"] += 1


@cache
def a_photo() -> bytes:
    """A made-up picture, as a phone would send it."""
    picture = io.BytesIO()
    Image.new("RGB", (96, 72), (150, 96, 40)).save(picture, "JPEG")
    return picture.getvalue()
