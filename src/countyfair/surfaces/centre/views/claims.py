"""What buyers claim: the queue, one claim with its answer, and the table of who bears what."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Refusal, Sentence
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_moment, by_moment, leaf
from countyfair.surfaces.centre.words import BENEFICIARIES, CLAIM_STEPS, CLAIMS, URGENCIES
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Given
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import claims as reads
from countyfair.trade.orders.queries.claim_rows import ClaimShown
from countyfair.trade.orders.queries.judging import bearers_of, judged
from countyfair.trade.orders.queries.replacing import spare
from countyfair.trade.orders.rules.claims import (
    BEARERS,
    KINDS,
    NOTICED,
    PACKING,
    WISHES,
    BearerRow,
    urgency,
)

#: Empty rows before the last of the table of bearers, for new ones.
SPARE = 2
COLUMNS = ("kind", "noticed", "packing", "days", "bearer")


@page("orders.refund")
def claims(desk: Desk) -> HttpResponse:
    """The county's claims, who waits longest first; filter: state, those to answer unless told otherwise."""
    asked = desk.request.GET
    state = asked.get("state", "asked")
    found = reads.claims_of(
        desk.actor, county=desk.county, state=state if state in CLAIMS else "",
        after=after_moment(desk.request), limit=ROWS + 1,
    )  # fmt: skip
    moment = now()
    shown = leaf(desk.request, found, lambda row: by_moment(row.asked_at, row.id), path=desk.at("claims"))
    context = {
        "leaf": shown,
        "state": state,
        "states": CLAIMS,
        "kinds": KINDS,
        "waits": {row.id: URGENCIES[urgency(row.asked_at, moment)] for row in shown.rows},
        "bearers": BENEFICIARIES,
        "said": said,
    }
    return desk.show("claims", context)


@page("orders.refund")
def claim(desk: Desk, key: UUID) -> HttpResponse:
    """One claim: what was said and shown, what the table proposes, and the answer to it."""

    def act(given: Given) -> HttpResponse:
        done = _DEEDS[given.text("do") if given.text("do") in _DEEDS else "answer"]
        return desk.go("claim", key, said=done(desk, key, given))

    _own(desk, key)
    return desk.asks(lambda refusal: _claim(desk, key, refusal), act)


@page("orders.refund")
def photo(desk: Desk, key: UUID, photo: UUID) -> HttpResponse:
    """A picture of a claim, for who answers it."""
    _own(desk, key)
    data = reads.claim_photo(desk.actor, claim_id=key, photo_id=photo)
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = "no-store"
    return response


@page("orders.refund", "terms.manage")
def bearers(desk: Desk) -> HttpResponse:
    """Who bears which claims, by the first row that fits; whoever may replaces the whole table."""

    def act(given: Given) -> HttpResponse:
        desk.require("terms.manage")
        believed, count = given.whole("believed"), min(given.whole("rows"), 60)
        table = [row for number in range(count) if (row := _row(given, number)) is not None]
        given.stop()
        version = actions.set_bearers(desk.actor, county=desk.county, table=table, believed=believed)
        return desk.go("bearers", said=_("Version %(version)d holds from now on.") % {"version": version})

    return desk.asks(lambda refusal: _bearers(desk, refusal), act)


def _answer(desk: Desk, key: UUID, given: Given) -> Sentence:
    what = given.text("what", need=_("Choose the answer."))
    amount = given.money_if_any("amount") if what == "grant" else None
    freight = given.money_if_any("freight") if what == "grant" else None
    if what == "grant" and amount is None and freight is None:
        given.errors.append(("amount", _("Write how much goes back: more than nothing.")))
    if what == "again":
        return _send_again(desk, key, given)
    answer = actions.Answer(
        ui.once(desk.request),
        amount.minor if amount else 0,
        freight.minor if freight else 0,
        bearer=given.text("bearer") if what == "grant" else "",
        why=given.text("why", most=200),
        said=given.text("said", most=200),
        goods_back=given.text("goods_back") == "1",
    )
    given.stop()
    actions.answer_claim(desk.actor, claim_id=key, answer=answer)
    return _("The claim is refused.") if answer.refuses else _("The money goes back.")


def _send_again(desk: Desk, key: UUID, given: Given) -> Sentence:
    answer = actions.Answer(
        ui.once(desk.request), again=True, bearer=given.text("bearer"), why=given.text("why", most=200),
        said=given.text("said", most=200), goods_back=given.text("goods_back") == "1",
    )  # fmt: skip
    given.stop()
    actions.answer_claim(desk.actor, claim_id=key, answer=answer)
    return _("The goods go out again.")


def _receive(desk: Desk, key: UUID, given: Given) -> Sentence:
    good, bad = given.whole("good_packs"), given.whole("bad_packs")
    given.stop()
    actions.receive_claimed(desk.actor, claim_id=key, good_packs=good, bad_packs=bad)
    return _("Noted: the goods are back.")


def _give_up(desk: Desk, key: UUID, given: Given) -> Sentence:
    actions.give_up_goods(desk.actor, claim_id=key)
    return _("Nobody waits for the goods any more.")


_DEEDS = {"answer": _answer, "receive": _receive, "give_up": _give_up}


def _own(desk: Desk, key: UUID) -> ClaimShown:
    return desk.own(lambda: reads.claim(desk.actor, claim_id=key), lambda row: row.county)


def _claim(desk: Desk, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    row = _own(desk, key)
    facts = judged(key)
    acted = [step.actor for step in row.steps] + [answer.actor for answer in row.answers]
    context = {
        "claim": row,
        "facts": facts,
        "may_answer": row.state == "asked",
        "spare": spare(key) if row.state == "asked" else None,
        "wish": WISHES[row.wish],
        "states": CLAIMS,
        "steps": CLAIM_STEPS,
        "kinds": KINDS,
        "noticed": NOTICED,
        "packing": PACKING,
        "bearers": BENEFICIARIES,
        "choices": [(one, BENEFICIARIES[one]) for one in BEARERS],
        "waits": URGENCIES[urgency(row.asked_at or row.begun_at, now())],
        "people": colleagues(desk.actor, county=desk.county, keys=acted),
        "typed": desk.request.POST,
        "once": desk.request.POST.get("once"),
        "said": said,
    }
    return desk.show("claim", context, refusal=refusal)


def _bearers(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    table = bearers_of(desk.county)
    typed = [_shown(row) for row in table.rows]
    typed[-1:-1] = [_shown(None)] * SPARE
    if desk.request.method == "POST":
        data = desk.request.POST
        count = min(Given(data).whole("rows"), 60)
        typed = [{name: data.get(f"{name}_{n}", "") for name in (*COLUMNS, "drop")} for n in range(count)]
    context = {
        "table": table,
        "typed": typed,
        "typed_version": desk.request.POST.get("believed", table.version),
        "kinds": KINDS,
        "noticed": NOTICED,
        "packing": PACKING,
        "bearers": BENEFICIARIES,
    }
    return desk.show("bearers", context, refusal=refusal)


def _shown(row: BearerRow | None) -> dict[str, str]:
    if row is None:
        return dict.fromkeys((*COLUMNS, "drop"), "")
    days = "" if row.days is None else str(row.days)
    return {
        "kind": row.kind, "noticed": row.noticed, "packing": row.packing, "days": days, "bearer": row.bearer,
        "drop": "",
    }  # fmt: skip


def _row(given: Given, number: int) -> BearerRow | None:
    """One row of the form; None where no bearer is chosen or it is marked to be dropped."""
    text = {name: given.text(f"{name}_{number}") for name in (*COLUMNS, "drop")}
    if text["drop"] or not text["bearer"]:
        return None
    days = given.whole(f"days_{number}") if text["days"] else None
    return BearerRow(text["kind"], text["noticed"], text["packing"], days, text["bearer"])
