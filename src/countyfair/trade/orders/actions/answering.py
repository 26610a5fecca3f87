"""The county answers a claim: money back or no, who bears it, and what becomes of goods that come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Stale
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import locked
from countyfair.trade.orders.actions.billing import packs_of, sent_of
from countyfair.trade.orders.actions.claiming import advance_claim, locked_claim
from countyfair.trade.orders.actions.giving_back import give_back
from countyfair.trade.orders.actions.owing import Asked, Part
from countyfair.trade.orders.actions.replacing import chosen, send_again
from countyfair.trade.orders.events import ClaimAnswered
from countyfair.trade.orders.models import (
    BearerRule,
    Claim,
    ClaimAnswer,
    ClaimReceipt,
    Line,
    Order,
)
from countyfair.trade.orders.queries.judging import Judged, judged
from countyfair.trade.orders.queries.shares import earned_by
from countyfair.trade.orders.rules.claims import BEARERS, BearerRow, check_table, owner_of
from countyfair.trade.orders.rules.reasons import CLAIMED
from countyfair.trade.orders.rules.shares import Bearer, Held
from countyfair.trade.stock import actions as stock


@dataclass(frozen=True, slots=True)
class Answer:
    """What the county answers: the id is made with the form.

    `amount_fen` of the line and `freight_fen` go back to the buyer, or the same goods go out `again`; none
    of it refuses the claim, with what is `said`. `bearer` "" is as the table proposes; another one needs
    a `why`. `goods_back`: the goods are to come back to the station.
    """

    id: UUID
    amount_fen: int = 0
    freight_fen: int = 0
    bearer: str = ""
    why: str = ""
    said: str = ""
    goods_back: bool = False
    again: bool = False

    @property
    def refuses(self) -> bool:
        """Whether nothing goes back and nothing goes out."""
        return not self.amount_fen and not self.freight_fen and not self.again


@verb
def answer_claim(actor: Actor, *, claim_id: UUID, answer: Answer) -> None:
    """Answer a claim, once: the money goes back at once, or the goods go out again, borne as decided.

    The same again changes nothing.

    Raises:
        Forbidden: no `orders.refund` in the county.
        Missing: no such claim.
        Invalid: more than is left, no word to the buyer of a refusal, another bearer without a reason; the
            goods that were to go out again are gone, or cannot be sent there any more.
        Conflict: somebody answered it before, or its buyer withdrew it.
    """
    claim, order = locked_claim(actor, claim_id)
    actor.require("orders.refund", place=order.county)
    content = blind(repr((str(claim_id), answer)), "order.claim_answer")
    known = ClaimAnswer.objects.filter(id=answer.id).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This answer was entered before with other content."), code="id_used")
        return
    facts = judged(claim.id)
    _check(claim, answer, facts)
    replacement = None
    if answer.refuses:
        advance_claim(actor, order, claim, "refuse")
        _keep(claim, answer, facts, None, content)
    else:
        bearer = _bearer(answer, facts)
        if answer.again:
            replacement = _send_again(actor, order, claim, answer, facts, bearer, content)
        else:
            _pay_back(actor, order, claim, answer, facts, bearer)
            _keep(claim, answer, facts, bearer, content)
        advance_claim(actor, order, claim, "await_goods" if answer.goods_back else "close")
    back = answer.amount_fen + answer.freight_fen
    announce(ClaimAnswered(claim.id, order.id, claim.state, back, replacement), county=order.county)


@verb
def receive_claimed(actor: Actor, *, claim_id: UUID, good_packs: int, bad_packs: int) -> None:
    """What was claimed came back: good packs lie on the shelf again, bad ones are written off.

    Raises:
        Forbidden: no `orders.return` where it was packed or picked up; for bad packs, no `stock.write_off`.
        Missing: no such claim.
        Invalid: nothing, or more than was claimed.
        Conflict: no goods are awaited.
    """
    claim, order = locked_claim(actor, claim_id)
    advance_claim(actor, order, claim, "receive")
    if good_packs < 0 or bad_packs < 0 or not 0 < good_packs + bad_packs <= claim.packs:
        raise Invalid(
            _("Write how many packs came back: at least one, at most %(packs)d.") % {"packs": claim.packs},
            field="good_packs",
        )
    line = Line.objects.get(id=claim.line_id)
    holder, sent, sent_packs = str(line.id), sent_of(order)[line.id], packs_of(line)
    for source, packs in ((f"claim:{claim.id}/bad", bad_packs), (f"claim:{claim.id}/good", good_packs)):
        if packs:
            stock.take_back(
                actor, holder=holder, amount=sent * packs // sent_packs, source=source,
                reason=CLAIMED[claim.kind],
            )  # fmt: skip
    if bad_packs:
        stock.write_off_returned(
            actor, holders=[holder], source=f"claim:{claim.id}/bad", reason=CLAIMED[claim.kind]
        )
    ClaimReceipt.objects.create(
        claim_id=claim.id, county=claim.county, good_packs=good_packs, bad_packs=bad_packs, at=now()
    )


@verb
def give_up_goods(actor: Actor, *, claim_id: UUID) -> None:
    """Wait no longer for goods that were to come back.

    Raises:
        Forbidden, Missing: no `orders.refund` in the county, no such claim.
        Conflict: none are awaited.
    """
    claim, order = locked_claim(actor, claim_id)
    advance_claim(actor, order, claim, "give_up")


@verb
def set_bearers(actor: Actor, *, county: str, table: Sequence[BearerRow], believed: int = 0) -> int:
    """Replace a county's table of who bears claims from now on; returns its version. Answers keep theirs.

    Args:
        believed: the version that the caller saw, 0 for none.

    Raises:
        Forbidden: no `terms.manage` in the county.
        Invalid: as `rules.claims.check_table`.
        Stale: somebody changed the table meanwhile.
    """
    actor.require("terms.manage", place=county)
    check_table(table)
    standing = BearerRule.objects.select_for_update().filter(county=county, until__isnull=True)
    list(standing.order_by("id"))
    version = BearerRule.objects.filter(county=county).aggregate(newest=Max("version"))["newest"] or 0
    if version != believed:
        raise Stale(_("Somebody has just changed this table. Look again."), details={"version": version})
    moment = now()
    standing.update(until=moment)
    BearerRule.objects.bulk_create(
        BearerRule(
            county=county, version=version + 1, position=at, kind=row.kind, noticed=row.noticed,
            packing=row.packing, days=row.days, bearer=row.bearer, since=moment,
        )
        for at, row in enumerate(table)
    )  # fmt: skip
    return version + 1


def _check(claim: Claim, answer: Answer, facts: Judged) -> None:
    if answer.again and (answer.amount_fen or answer.freight_fen):
        raise Invalid(_("Give money back or send the goods again, not both."), field="what")
    if answer.goods_back and ClaimReceipt.objects.filter(claim_id=claim.id).exists():
        raise Invalid(_("The goods of this claim are back already."), field="goods_back")
    if answer.amount_fen < 0 or answer.freight_fen < 0:
        raise Invalid(_("Write how much goes back: more than nothing."), field="amount")
    if answer.amount_fen > facts.left_fen:
        raise Invalid(_("That is more than is left of this line."), field="amount")
    if answer.freight_fen > facts.freight_left_fen:
        raise Invalid(_("That is more than is left of the freight."), field="freight")
    if answer.refuses and not answer.said.strip():
        raise Invalid(_("Tell the buyer why nothing goes back."), field="said")
    if answer.bearer not in ("", *BEARERS):
        raise Invalid(_("Choose who bears it."), field="bearer")
    if answer.bearer not in ("", facts.proposed) and not answer.why.strip():
        raise Invalid(_("Say why it is not borne as the table proposes."), field="why")


def _bearer(answer: Answer, facts: Judged) -> Bearer:
    return Bearer(
        *owner_of(
            answer.bearer or facts.proposed, kind=facts.kind, packed_at=facts.packed_at,
            picked_up_at=facts.picked_up_at,
        )
    )  # fmt: skip


def _pay_back(
    actor: Actor, order: Order, claim: Claim, answer: Answer, facts: Judged, bearer: Bearer
) -> None:
    """Give back of what the buyer paid; what replaced it is borne by who earned by that."""
    advance_claim(actor, order, claim, "grant")
    wanted = ((facts.paid_line, answer.amount_fen), (None, answer.freight_fen))
    parts = tuple(Part(line, amount) for line, amount in wanted if amount)
    alone = None if bearer.beneficiary == "household" else bearer
    content = blind(str(answer.id), "order.refund")
    paid, among = order, tuple[Held, ...]()
    if facts.paid_order != order.id:
        paid, among = locked(facts.paid_order), tuple(earned_by(order.id, claim.line_id))
    give_back(actor, paid, Asked(answer.id, parts, CLAIMED[claim.kind], content, alone, among))


def _send_again(
    actor: Actor, order: Order, claim: Claim, answer: Answer, facts: Judged, bearer: Bearer, content: str
) -> UUID:
    advance_claim(actor, order, claim, "replace")
    sending = chosen(claim, order)
    _keep(claim, answer, facts, bearer, content)
    return send_again(actor, order, claim, answer=answer.id, sending=sending, bearer=bearer)


def _keep(claim: Claim, answer: Answer, facts: Judged, bearer: Bearer | None, content: str) -> None:
    granted = "full" if answer.amount_fen == facts.due_fen else "part"
    what = "refused" if answer.refuses else "replacement" if answer.again else granted
    ClaimAnswer.objects.create(
        id=answer.id, claim_id=claim.id, county=claim.county,
        what=what, amount_fen=answer.amount_fen, freight_fen=answer.freight_fen, packing=facts.packing,
        days=facts.days, rules_version=facts.version, proposed=facts.proposed,
        bearer=bearer.beneficiary if bearer else "", owner=bearer.owner if bearer else "",
        said=answer.said.strip()[:200], why=answer.why.strip()[:200],
        goods_back=answer.goods_back and not answer.refuses,
        refund_id=None if answer.refuses or answer.again else answer.id, content=content, at=now(),
    )  # fmt: skip
