"""Asking for events and sending them: once put down, at least once sent, to nobody who may not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce, deliver_everything
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import Columns, rows, scalar
from countyfair.kernel.verbs import verb
from countyfair.outreach.webhooks import actions, queries
from countyfair.outreach.webhooks.actions.posting import PrivateAddress, numbers, post
from countyfair.outreach.webhooks.rules import GIVEN_UP, KINDS, LEASE, PUBLIC, TRIES
from countyfair.outreach.webhooks.tests.receiver import HERE, Receiver, receiver
from countyfair.registers.people.actions import end_role
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, an_actor
from countyfair.trade.catalog.events import OfferChanged
from countyfair.trade.orders.events import Packed, Paid

JOB = Actor.system("webhooks.send_due")
PAID, PACKED = Paid.NAME, Packed.NAME


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


@verb
def news(actor: Actor, *, county: str = COUNTY, order: UUID | None = None) -> UUID:
    """An order was paid."""
    key = order or uuid7()
    announce(Paid(key, uuid7(), 2980), county=county)
    return key


def heard_by(
    there: Receiver, *, owner: Actor | None = None, kinds: tuple[str, ...] = (PAID,), county: str = COUNTY
) -> tuple[Actor, actions.Made]:
    staff = owner or an_actor("centre_staff", place=county)
    made = actions.subscribe(
        staff, subscription=uuid7(), county=county, url=there.url, kinds=kinds, reach=HERE
    )
    return staff, made


def send(**said: Any) -> int:
    deliver_everything()
    return actions.send_due(JOB, reach=HERE, **said)


def log(staff: Actor, made: actions.Made) -> list[queries.DeliveryRow]:
    return queries.deliveries(staff, county=COUNTY, subscription=made.id)


@pytest.mark.django_db(transaction=True)
def test_an_event_is_sent_signed_once_it_happened(there: Receiver) -> None:
    staff, made = heard_by(there)
    order = news(JOB)
    assert send() == 1
    ((path, headers, body),) = there.heard
    assert path == "/hooks/"
    assert json.loads(body)["data"] == {"county": COUNTY, "order": str(order), "total_fen": 2980}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    (row,) = log(staff, made)
    assert (row.state, row.tries, row.outcome, row.status) == ("delivered", 1, "taken", 204)
    assert str(row.event) == headers["webhook-id"]
    assert send() == 0
    assert len(there.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_only_what_was_asked_for_and_happened_since_in_that_county_is_sent(there: Receiver) -> None:
    news(JOB)
    deliver_everything()
    heard_by(there, kinds=(PACKED,))
    news(JOB, county=OTHER_COUNTY)
    news(JOB)
    assert send() == 0
    assert there.heard == []


@pytest.mark.django_db(transaction=True)
def test_what_its_owner_may_not_read_any_more_is_not_sent(there: Receiver) -> None:
    staff, _made = heard_by(there)
    news(JOB)
    deliver_everything()
    assert staff.user_id
    (role,) = rows("SELECT id FROM people_roleheld WHERE user_id = %s", [staff.user_id], into=Columns)
    end_role(Actor.system("test"), role_id=role[0])
    with clock.at(clock.now() + timedelta(days=1)):
        assert send() == 0
        news(JOB)
        assert send() == 0
    assert there.heard == []
    assert scalar("SELECT string_agg(state, ',') FROM webhooks_delivery") == "failed"


@pytest.mark.django_db(transaction=True)
def test_what_was_not_taken_is_sent_again_later_with_the_same_id_and_content(there: Receiver) -> None:
    there.answers = [500, 301, 204]
    staff, made = heard_by(there)
    news(JOB)
    moment = clock.now()
    assert send() == 0
    assert send() == 0  # not due yet
    for later, taken in ((timedelta(minutes=1), 0), (timedelta(minutes=10), 1)):
        with clock.at(moment + later):
            assert send() == taken
    assert len({(headers["webhook-id"], body) for _path, headers, body in there.heard}) == 1
    assert [path for path, _headers, _body in there.heard] == ["/hooks/"] * 3
    (row,) = log(staff, made)
    tries = queries.attempts(staff, county=COUNTY, delivery=row.id)
    assert [(one.outcome, one.status) for one in tries] == [
        ("refused", 500),
        ("redirect", 301),
        ("taken", 204),
    ]
    assert queries.webhook(staff, county=COUNTY, subscription=made.id).failing_since is None


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_drips_or_sends_without_end_keeps_nobody_waiting(there: Receiver) -> None:
    staff, made = heard_by(there)
    there.slow = 30
    news(JOB)
    started = time.monotonic()
    assert send(deadline=0.6) == 0
    assert time.monotonic() - started < 5
    assert log(staff, made)[0].outcome == "timeout"
    there.slow, there.huge = 0, True
    with clock.at(clock.now() + timedelta(hours=1)):
        assert send(deadline=5) == 1
    assert time.monotonic() - started < 10


@pytest.mark.django_db(transaction=True)
def test_a_slow_address_does_not_hold_up_another(there: Receiver) -> None:
    with receiver() as slow:
        slow.slow = 30
        heard_by(slow)
        heard_by(there)
        for _number in range(12):
            news(JOB)
        send(deadline=0.5)
        assert len(slow.heard) <= 8
        assert len(there.heard) == 8


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_midway_lets_it_be_sent_again(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, made = heard_by(there)
    news(JOB)

    class Died(BaseException):
        pass

    def dies(*_said: object, **_more: object) -> bool:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr("countyfair.outreach.webhooks.actions.sending._answer", dies)
        with pytest.raises(Died):
            send()
    assert len(there.heard) == 1
    assert send() == 0  # somebody may still be at it
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert send() == 1
    assert there.heard[0][1]["webhook-id"] == there.heard[1][1]["webhook-id"]
    assert log(staff, made)[0].state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_after_all_tries_it_has_failed_and_can_be_sent_once_more(there: Receiver) -> None:
    there.answers = [503]
    staff, made = heard_by(there)
    news(JOB)
    deliver_everything()
    (row,) = log(staff, made)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE webhooks_delivery SET tries = %s WHERE id = %s", [TRIES - 1, row.id])
    assert send() == 0
    assert log(staff, made)[0].state == "failed"
    there.answers = [200]
    actions.replay(staff, county=COUNTY, delivery=row.id)
    assert send() == 1
    assert there.heard[0][1:][1] == there.heard[1][1:][1]
    actions.replay(staff, county=COUNTY, delivery=row.id)  # what was taken, too
    assert send() == 1
    assert len(queries.attempts(staff, county=COUNTY, delivery=row.id)) == 3


@pytest.mark.django_db(transaction=True)
def test_an_address_that_takes_nothing_for_days_is_given_up_and_its_owner_told(there: Receiver) -> None:
    there.answers = [500]
    staff, made = heard_by(there)
    news(JOB)
    send()
    with clock.at(clock.now() + GIVEN_UP + timedelta(hours=1)):
        send()
        assert queries.webhook(staff, county=COUNTY, subscription=made.id).why == "failing"
        news(JOB)
        assert send() == 0
        assert scalar("SELECT count(*) FROM notices_notification WHERE kind = 'webhook.given_up'") == 2
        actions.take_up(staff, county=COUNTY, subscription=made.id)
        there.answers = [204]
        news(JOB)
        assert send() >= 1


@pytest.mark.django_db(transaction=True)
def test_an_address_that_says_it_is_gone_hears_nothing_more(there: Receiver) -> None:
    there.answers = [410]
    staff, made = heard_by(there)
    news(JOB)
    send()
    assert queries.webhook(staff, county=COUNTY, subscription=made.id).why == "gone"
    (row,) = log(staff, made)
    with pytest.raises(Conflict):
        actions.replay(staff, county=COUNTY, delivery=row.id)
    actions.end(staff, county=COUNTY, subscription=made.id)
    with pytest.raises(Conflict):
        actions.take_up(staff, county=COUNTY, subscription=made.id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://127.0.0.1/", "https://[::1]:8443/", "http://erp.example/"]
)
def test_a_private_address_is_refused_when_it_is_entered(url: str) -> None:
    with pytest.raises(Invalid):
        actions.subscribe(
            an_actor("centre_staff"), subscription=uuid7(), county=COUNTY, url=url, kinds=[PAID]
        )
    assert scalar("SELECT count(*) FROM webhooks_subscription") == 0


@pytest.mark.django_db(transaction=True)
def test_a_private_address_is_refused_when_it_is_called(there: Receiver) -> None:
    staff, made = heard_by(there)
    with connection.cursor() as cursor:  # as a name that stood for another number when it was entered
        cursor.execute(
            "UPDATE webhooks_subscription SET url = %s",
            [there.url.replace("http://127.0.0.1", "https://localhost")],
        )
    news(JOB)
    deliver_everything()
    assert actions.send_due(JOB) == 0
    assert there.heard == []
    assert log(staff, made)[0].outcome == "private"


def test_every_number_of_a_name_is_judged_and_just_those_are_called() -> None:
    with pytest.raises(PrivateAddress):
        numbers("localhost", 443, PUBLIC)
    assert set(numbers("localhost", 443, HERE)) <= {"127.0.0.1", "::1"}
    refused = post("https://localhost/", b"{}", {}, PUBLIC)
    assert (refused.outcome, refused.status) == ("private", 0)


@pytest.mark.django_db
def test_who_may_not_read_a_kind_cannot_ask_for_it_and_strangers_see_nothing(there: Receiver) -> None:
    for role in ("station_agent", "auditor", "courier"):
        with pytest.raises(Forbidden):
            heard_by(there, owner=an_actor(role))
    with pytest.raises(Forbidden):
        heard_by(there, owner=an_actor("centre_staff", place=OTHER_COUNTY))
    staff, made = heard_by(there)
    other = an_actor("centre_staff", place=OTHER_COUNTY)
    for asked in (
        lambda: queries.webhooks(other, county=COUNTY),
        lambda: queries.deliveries(other, county=COUNTY, subscription=made.id),
        lambda: actions.end(other, county=COUNTY, subscription=made.id),
        lambda: actions.replay(other, county=COUNTY, delivery=uuid7()),
    ):
        with pytest.raises(Forbidden):
            asked()
    with pytest.raises(Missing):
        actions.end(other, county=OTHER_COUNTY, subscription=made.id)
    with pytest.raises(Conflict):
        actions.subscribe(staff, subscription=made.id, county=COUNTY, url=there.url, kinds=[PAID], reach=HERE)
    for kinds in ([], ["orders.placed_by"], [OfferChanged.NAME, "x"]):
        with pytest.raises(Invalid):
            actions.subscribe(
                staff, subscription=uuid7(), county=COUNTY, url=there.url, kinds=kinds, reach=HERE
            )


@pytest.mark.django_db
def test_a_secret_is_kept_sealed(there: Receiver) -> None:
    _staff, made = heard_by(there, kinds=tuple(KINDS))
    assert made.secret not in str(scalar("SELECT secret FROM webhooks_subscription"))
    assert made.secret not in str(scalar("SELECT string_agg(changes::text, ' ') FROM kernel_change"))
