"""News is told once, by the ways its reader wants, and never twice whatever dies in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import mail

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.notices import actions, queries
from countyfair.registers.notices.actions import Address, News
from countyfair.registers.notices.rules import TRIES, Words
from countyfair.registers.people import sms
from countyfair.registers.people.sms.message import not_sent
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_household, a_user, an_actor

pytestmark = pytest.mark.django_db
PHONE = "+8619900007777"


class Provider:
    """Keeps what it was given; refuses or dies when told so."""

    def __init__(self) -> None:
        self.sent: list[sms.Message] = []
        self.refuses = False
        self.dies = False

    def send(self, message: sms.Message) -> str:
        if self.refuses:
            raise not_sent()
        self.sent.append(message)
        if self.dies:
            raise SystemExit
        return "r1"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Provider:
    made = Provider()
    monkeypatch.setitem(sms.PROVIDERS, "console", lambda: made)
    return made


def book(_actor: Actor, keys: Sequence[UUID]) -> Mapping[UUID, Address]:
    return {key: Address(PHONE, "a@example.org", secrets={"code": "482913"}) for key in keys}


BOOKS = {"order": book}


def ready(user: UUID | None = None, subject: str = "") -> News:
    key = subject or str(uuid7())
    return News("order.ready", COUNTY, key, f"order:{key}", user, {"number": "1-2", "station": "样例站"})


def states() -> list[str]:
    found = scalar(
        "SELECT coalesce(array_agg(state ORDER BY channel, state), '{}') FROM notices_notification"
    )
    assert isinstance(found, list)
    return found


def send() -> int:
    return actions.send_due(SYSTEM, books=BOOKS)


def test_a_guest_gets_one_message_with_the_code_and_nothing_personal_is_kept(provider: Provider) -> None:
    news = ready()
    assert actions.tell(SYSTEM, news=[news]) == 1
    assert actions.tell(SYSTEM, news=[news]) == 0
    assert send() == 1
    assert send() == 0
    (message,) = provider.sent
    assert message.phone == PHONE
    assert "482913" in message.text
    assert (
        scalar("SELECT notices_notification::text FROM notices_notification").__str__().count("482913") == 0
    )
    assert PHONE not in str(scalar("SELECT notices_notification::text FROM notices_notification"))
    assert states() == ["sent"]


def test_a_member_reads_it_in_the_house_and_by_mail_without_the_code(provider: Provider) -> None:
    me = a_user()
    actions.tell(SYSTEM, news=[ready(me)])
    assert send() == 2
    assert "482913" not in mail.outbox[0].body
    actor = Actor(f"user:{me}", me)
    (told,) = queries.mine(actor, language="en")
    assert "1-2" in told.text
    assert queries.unread(actor) == 1
    assert actions.mark_read(actor) == 1
    assert queries.unread(actor) == 0


def test_what_was_muted_is_not_sent_and_stands_in_the_house_all_the_same(provider: Provider) -> None:
    me = a_user()
    actor = Actor(f"user:{me}", me)
    actions.choose(actor, muted=[("orders", "sms"), ("orders", "email")])
    assert queries.muted(actor) == {("orders", "sms"), ("orders", "email")}
    actions.tell(SYSTEM, news=[ready(me)])
    assert send() == 0
    assert queries.unread(actor) == 1
    actions.choose(actor, muted=[])
    assert queries.muted(actor) == set()
    with pytest.raises(Invalid):
        actions.choose(actor, muted=[("gossip", "sms")])
    with pytest.raises(Forbidden):
        actions.choose(Actor.guest("k"), muted=[])


def test_a_worker_that_dies_after_sending_does_not_send_again(provider: Provider) -> None:
    provider.dies = True
    actions.tell(SYSTEM, news=[ready()])
    with pytest.raises(SystemExit):
        send()
    provider.dies = False
    assert send() == 0
    with at(now() + timedelta(minutes=6)):
        assert send() == 0
    assert len(provider.sent) == 1
    assert states() == ["unsure"]


def test_a_provider_that_refuses_is_asked_again_with_growing_waits_and_given_up(provider: Provider) -> None:
    provider.refuses = True
    actions.tell(SYSTEM, news=[ready()])
    moment = now()
    for tries in range(TRIES):
        with at(moment):
            assert send() == 0
            assert send() == 0  # not due before its wait is over
        assert scalar("SELECT tries FROM notices_notification") == tries + 1
        moment += timedelta(minutes=4**tries, seconds=1)
    assert states() == ["failed"]


def test_a_provider_that_comes_back_gets_the_same_key(provider: Provider) -> None:
    provider.refuses = True
    actions.tell(SYSTEM, news=[ready()])
    send()
    provider.refuses = False
    with at(now() + timedelta(minutes=2)):
        assert send() == 1
    assert str(provider.sent[0].id) == str(scalar("SELECT id FROM notices_notification"))


def test_old_news_and_who_has_no_address_are_told_nothing(provider: Provider) -> None:
    with at(now() - timedelta(days=3)):
        actions.tell(SYSTEM, news=[ready()])
    actions.tell(SYSTEM, news=[News("payout.sent", COUNTY, "p", f"household:{uuid7()}")])
    assert send() == 0
    assert sorted(states()) == ["no_address", "too_late"]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_household_hears_of_its_payout_if_it_agreed(provider: Provider, agreed: bool) -> None:
    household = a_household(agreed=("trade", "notice") if agreed else ("trade",))
    facts = {"number": "P1", "amount": "12.50"}
    actions.tell(SYSTEM, news=[News("payout.sent", COUNTY, "p1", f"household:{household}", facts=facts)])
    assert send() == int(agreed)
    assert [("12.50" in one.text) for one in provider.sent] == [True] * int(agreed)


def test_a_county_words_its_news_and_goes_back(provider: Provider) -> None:
    admin = an_actor("county_admin")
    own = Words("可取货", "融水集市：{number} 可取，码 {code}", "{number} 在 {station}")
    change = {"county": COUNTY, "kind": "order.ready", "language": "zh-hans"}
    assert actions.reword(admin, **change, words=own, believed=0) == 1
    actions.tell(SYSTEM, news=[ready()])
    send()
    assert provider.sent[0].text == "融水集市：1-2 可取，码 482913"
    with pytest.raises(Conflict):
        actions.reword(admin, **change, words=own, believed=0)
    assert actions.reword(admin, **change, words=Words("", "", ""), believed=1) == 2
    assert queries.wordings([COUNTY]) == {}
    with pytest.raises(Forbidden):
        actions.reword(an_actor("centre_staff"), **change, words=own, believed=2)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (Words("t", "{phone}", "l"), "short"),
        (Words("t", "s", "{code}"), "long"),
        (Words("t", "字" * 71, "l"), "short"),
        (Words("t", "", "l"), "short"),
        (Words("字" * 61, "s", "l"), "title"),
    ],
)
def test_words_that_cannot_be_are_refused_at_their_field(words: Words, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.reword(
            an_actor("county_admin"), county=COUNTY, kind="order.ready", language="zh-hans", words=words,
            believed=0,
        )  # fmt: skip
    assert refused.value.field == field


def test_a_log_is_for_who_reads_orders_there() -> None:
    actions.tell(SYSTEM, news=[ready()])
    assert len(queries.log(an_actor("centre_staff"), county=COUNTY)) == 1
    assert queries.log(an_actor("centre_staff"), county=COUNTY, state="sent") == []
    with pytest.raises(Forbidden):
        queries.log(an_actor("courier"), county=COUNTY)
