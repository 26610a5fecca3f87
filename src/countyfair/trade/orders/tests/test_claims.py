"""What was not as it should be is claimed, answered once, and borne by whom the table says."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM, an_actor
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.queries import claims as queries
from countyfair.trade.orders.queries.judging import bearers_of, judged
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.shares import shares_of
from countyfair.trade.orders.rules.claims import BearerRow, Urgency, urgency
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import on_hand, owed_back, packed, pay, state
from countyfair.trade.stock.queries import proofs as stock_proofs

pytestmark = pytest.mark.django_db

GUEST = Actor.guest("sample")


def a_picture(colour: str = "tan") -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "somebody's camera"
    Image.new("RGB", (400, 300), colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def delivered(fair: Fair, packs: int = 2) -> Placed:
    placed = place(fair, packs=packs)
    pay(fair, placed)
    actions.deliver(fair.agent, order_id=placed.order, code=packed(fair, placed))
    return placed


def line_of(placed: Placed) -> UUID:
    return UUID(str(scalar("SELECT id FROM orders_line WHERE order_id = %s", [placed.order])))


def begun(placed: Placed, **given: Any) -> UUID:
    said: dict[str, Any] = {
        "claim_id": uuid7(), "kind": "spoiled", "amount": 500, "on_receipt": False, "words": "发霉了",
        "token": placed.token, "line_id": line_of(placed),
    } | given  # fmt: skip
    actions.begin_claim(GUEST, order_id=placed.order, **said)
    return UUID(str(said["claim_id"]))


def asked(placed: Placed, **given: Any) -> UUID:
    claim = begun(placed, **given)
    actions.add_claim_photo(GUEST, photo_id=uuid7(), claim_id=claim, data=a_picture(), token=placed.token)
    actions.send_claim(GUEST, claim_id=claim, token=placed.token)
    return claim


def answer(claim: UUID, amount_fen: int = 2980, actor: Actor | None = None, **given: Any) -> None:
    said = actions.Answer(given.pop("id", uuid7()), amount_fen, **given)
    actions.answer_claim(actor or an_actor("centre_staff"), claim_id=claim, answer=said)


def claim_state(claim: UUID) -> object:
    return scalar("SELECT state FROM orders_claim WHERE id = %s", [claim])


def held(placed: Placed) -> dict[str, int]:
    """What each kind of beneficiary holds of an order."""
    sums: dict[str, int] = {}
    for row in shares_of([placed.order]):
        sums[row.beneficiary] = sums.get(row.beneficiary, 0) + row.amount_fen
    return sums


def broken() -> list[str]:
    return [proof.name for proof in (*proofs(), *stock_proofs()) if proof.broken]


def test_a_spoiled_pack_is_paid_back_by_all_who_earned_by_it() -> None:
    fair = a_fair(lots=(700, 10_000))
    placed = delivered(fair)
    before = held(placed)
    claim = asked(placed)
    assert judged(claim).proposed == "household"
    answer(claim)
    assert (claim_state(claim), state(placed), owed_back(placed)) == ("done", "delivered", 2980)
    after = held(placed)
    assert sum(after.values()) == placed.total_fen - 2980
    assert all(abs(after[whose] * 2 - before[whose]) <= 2 for whose in before)
    lots = {row.lot: row.amount_fen for row in shares_of([placed.order]) if row.refund and row.lot}
    assert len(lots) == 2  # both lots that gave to the line bear it
    assert broken() == []


@pytest.mark.parametrize(
    ("bearer", "key"), [("courier", "county"), ("platform", ""), ("station", "station"), ("centre", "")]
)
def test_who_bears_it_alone_goes_below_and_all_others_keep_theirs(bearer: str, key: str) -> None:
    fair = a_fair()
    placed = delivered(fair)
    before = held(placed)
    claim = asked(placed)
    answer(claim, bearer=bearer, why="样例")
    after = held(placed)
    assert after.pop(bearer) == before.pop(bearer, 0) - 2980
    assert after == before
    (row,) = [row for row in shares_of([placed.order]) if row.refund]
    assert row.owner == (str(fair.station) if key == "station" else key)
    answer(asked(placed), bearer=bearer, why="样例")
    assert (state(placed), sum(held(placed).values())) == ("refunded", 0)
    assert broken() == []


def test_it_is_given_back_at_most_once_though_others_keep_their_shares() -> None:
    placed = delivered(a_fair())
    answer(asked(placed), bearer="courier", why="样例", amount_fen=5000)
    second = asked(placed)
    assert judged(second).due_fen == 960
    with pytest.raises(Invalid) as refused:
        answer(second, amount_fen=961)
    assert refused.value.field == "amount"
    answer(second, amount_fen=960)
    assert sum(held(placed).values()) == 0
    assert broken() == []


def test_a_claim_sent_twice_is_one() -> None:
    placed = delivered(a_fair())
    key = uuid7()
    for _time in range(2):
        begun(placed, claim_id=key)
    with pytest.raises(Conflict):
        begun(placed, claim_id=key, words="别的")
    photo = uuid7()
    for _time in range(2):
        actions.add_claim_photo(GUEST, photo_id=photo, claim_id=key, data=a_picture(), token=placed.token)
        actions.send_claim(GUEST, claim_id=key, token=placed.token)
    shown = queries.claim(GUEST, claim_id=key, token=placed.token)
    assert (len(shown.photos), [step.verb for step in shown.steps]) == (1, ["begin", "send"])
    assert shown.words == "发霉了"
    sealed = str(scalar("SELECT sealed FROM orders_claim WHERE id = %s", [key]))
    assert "发霉" not in sealed


def test_two_at_the_desk_answer_one_claim_once() -> None:
    placed = delivered(a_fair())
    claim, key = asked(placed), uuid7()
    answer(claim, id=key)
    answer(claim, id=key)
    with pytest.raises(Conflict) as late:
        answer(claim)
    assert late.value.details["state"] == "done"
    with pytest.raises(Conflict):
        answer(claim, amount_fen=100, id=key)
    assert owed_back(placed) == 2980


def test_nobody_claims_more_than_was_sold_nor_after_the_window_nor_another_s() -> None:
    fair = a_fair()
    placed = delivered(fair)
    for wrong in ({"amount": 0}, {"amount": 1001}, {"kind": "x"}, {"words": " "}, {"words": "长" * 501}):
        with pytest.raises(Invalid):
            begun(placed, **wrong)
    begun(placed, amount=600)
    with pytest.raises(Conflict):
        begun(placed, amount=500)
    for token in ("", "x"):
        with pytest.raises(Forbidden):
            begun(placed, token=token)
    with pytest.raises(Missing):
        begun(placed, line_id=line_of(delivered(fair)))
    with at(now() + timedelta(days=13)):
        begun(placed, amount=100)
    with at(now() + timedelta(days=15)), pytest.raises(Conflict) as late:
        begun(placed, amount=100)
    assert late.value.code == "too_late"
    paid = place(fair)
    with pytest.raises(Conflict):
        begun(paid)


def test_a_picture_is_needed_drawn_anew_and_seen_by_few() -> None:
    fair = a_fair()
    placed = delivered(fair)
    claim = begun(placed)
    with pytest.raises(Invalid) as refused:
        actions.send_claim(GUEST, claim_id=claim, token=placed.token)
    assert refused.value.field == "photo"
    with pytest.raises(Invalid):
        actions.add_claim_photo(
            GUEST, photo_id=uuid7(), claim_id=claim, data=b"<svg onload=x>", token=placed.token
        )
    for colour in ("red", "green", "blue", "tan", "pink", "gold"):
        actions.add_claim_photo(
            GUEST, photo_id=uuid7(), claim_id=claim, data=a_picture(colour), token=placed.token
        )
    with pytest.raises(Conflict):
        actions.add_claim_photo(
            GUEST, photo_id=uuid7(), claim_id=claim, data=a_picture("black"), token=placed.token
        )
    actions.send_claim(GUEST, claim_id=claim, token=placed.token)
    photo = queries.claim(GUEST, claim_id=claim, token=placed.token).photos[0].id
    file = queries.claim_photo(GUEST, claim_id=claim, photo_id=photo, token=placed.token)
    assert b"somebody" not in file
    assert Image.open(io.BytesIO(file)).format == "WEBP"
    assert queries.claim_photo(an_actor("centre_finance"), claim_id=claim, photo_id=photo) == file
    for actor in (GUEST, an_actor("auditor"), fair.agent, an_actor("centre_staff", place=OTHER_COUNTY)):
        with pytest.raises(Missing):
            queries.claim_photo(actor, claim_id=claim, photo_id=photo)


def test_refusing_needs_a_word_and_another_bearer_a_reason() -> None:
    placed = delivered(a_fair())
    claim = asked(placed)
    for wrong, field in (
        ({"amount_fen": 0}, "said"),
        ({"bearer": "courier"}, "why"),
        ({"bearer": "buyer"}, "bearer"),
        ({"freight_fen": 1}, "freight"),
    ):
        with pytest.raises(Invalid) as refused:
            answer(claim, **wrong)
        assert refused.value.field == field
    for actor in (an_actor("station_agent"), an_actor("auditor"), GUEST):
        with pytest.raises(Forbidden):
            answer(claim, actor=actor)
    assert (claim_state(claim), owed_back(placed)) == ("asked", 0)
    answer(claim, amount_fen=0, said="照片上看不出来")
    assert (claim_state(claim), owed_back(placed)) == ("refused", 0)
    shown = queries.claim(GUEST, claim_id=claim, token=placed.token)
    assert (shown.answers[0].said, shown.answers[0].proposed) == ("照片上看不出来", "")
    asked(placed, amount=1000)  # who was refused may ask again


def test_a_buyer_takes_a_claim_back_until_it_is_answered() -> None:
    placed = delivered(a_fair())
    claim = asked(placed)
    for _time in range(2):
        actions.withdraw_claim(GUEST, claim_id=claim, token=placed.token)
    with pytest.raises(Conflict):
        answer(claim)
    answered = asked(placed)
    answer(answered)
    with pytest.raises(Conflict):
        actions.withdraw_claim(GUEST, claim_id=answered, token=placed.token)


def test_what_comes_back_lies_on_the_shelf_or_is_written_off() -> None:
    fair = a_fair()
    placed = delivered(fair)
    claim = asked(placed, kind="wrong", amount=1000)
    answer(claim, 5960, goods_back=True)
    assert claim_state(claim) == "awaiting"
    assert [row.id for row in queries.to_receive(fair.agent, station=fair.station)] == [claim]
    for good, bad, error in ((0, 0, Invalid), (3, 0, Invalid), (1, 1, Forbidden)):
        with pytest.raises(error):
            actions.receive_claimed(fair.agent, claim_id=claim, good_packs=good, bad_packs=bad)
    assert on_hand() == 19_000
    actions.receive_claimed(an_actor("centre_staff"), claim_id=claim, good_packs=1, bad_packs=1)
    assert (claim_state(claim), on_hand()) == ("done", 19_500)
    with pytest.raises(Conflict):
        actions.receive_claimed(fair.agent, claim_id=claim, good_packs=1, bad_packs=0)
    assert broken() == []


def test_nobody_waits_for_goods_for_ever() -> None:
    placed = delivered(a_fair())
    claim = asked(placed)
    answer(claim, goods_back=True)
    actions.give_up_goods(an_actor("centre_finance"), claim_id=claim)
    assert (claim_state(claim), on_hand()) == ("done", 19_000)


def test_the_queue_shows_who_waited_longest_first() -> None:
    fair = a_fair()
    placed = delivered(fair)
    first = asked(placed)
    later = now() + timedelta(days=3)
    with at(later):
        second = asked(placed)
        begun(delivered(fair))
    staff = an_actor("centre_staff")
    found = queries.claims_of(staff, county=fair.county)
    assert [row.id for row in found] == [first, second]
    rest = queries.claims_of(staff, county=fair.county, after=(found[0].asked_at, first))
    assert [row.id for row in rest] == [second]
    assert [urgency(row.asked_at, later) for row in found] == [Urgency.LATE, Urgency.NEW]
    assert urgency(found[0].asked_at, later + timedelta(days=2)) == Urgency.OVERDUE
    waiting = queries.claims_waiting(staff, county=fair.county)
    assert (waiting.asked, waiting.oldest) == (2, found[0].asked_at)
    with pytest.raises(Forbidden):
        queries.claims_of(fair.agent, county=fair.county)


def test_a_county_sets_who_bears_what_by_a_new_version() -> None:
    fair = a_fair()
    placed = delivered(fair)
    admin = an_actor("county_admin")
    table = [BearerRow("spoiled", "", "", 30, "centre"), BearerRow("", "", "", None, "platform")]
    assert actions.set_bearers(admin, county=fair.county, table=table) == 1
    with pytest.raises(Stale):
        actions.set_bearers(admin, county=fair.county, table=table)
    for wrong in (
        [],
        table[:1],
        [table[0], table[0], table[1]],
        [BearerRow("x", "", "", 1, "centre"), table[1]],
    ):
        with pytest.raises(Invalid):
            actions.set_bearers(admin, county=fair.county, table=wrong, believed=1)
    with pytest.raises(Forbidden):
        actions.set_bearers(an_actor("station_agent"), county=fair.county, table=table, believed=1)
    claim = asked(placed)
    assert (bearers_of(fair.county).version, judged(claim).proposed) == (1, "centre")
    answer(claim)
    shown = queries.claim(admin, claim_id=claim)
    assert (shown.answers[0].bearer, shown.answers[0].rules_version) == ("centre", 1)


def test_words_and_pictures_are_forgotten_after_a_month() -> None:
    placed = delivered(a_fair())
    claim = asked(placed)
    answer(claim)
    assert actions.forget_claims(SYSTEM) == 0
    with at(now() + timedelta(days=31)):
        assert actions.forget_claims(SYSTEM) == 1
        assert actions.forget_claims(SYSTEM) == 0
    shown = queries.claim(GUEST, claim_id=claim, token=placed.token)
    assert (shown.words, shown.photos) == ("", ())
    traces = "SELECT count(*) FROM kernel_change WHERE changes::text LIKE %s"
    assert scalar(traces, ["%" + a_picture()[:20].hex() + "%"]) == 0
