"""A new secret signs beside the old one for a while; what is old is forgotten, save what may be replayed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from countyfair.kernel import clock
from countyfair.kernel.refusal import Conflict, Forbidden, Missing
from countyfair.kernel.rows import scalar
from countyfair.outreach.webhooks import actions, queries
from countyfair.outreach.webhooks.actions.sending import KEPT
from countyfair.outreach.webhooks.actions.subscribing import OVERLAP
from countyfair.outreach.webhooks.models import LOG_LEAST_DAYS
from countyfair.outreach.webhooks.tests.receiver import Receiver, receiver
from countyfair.outreach.webhooks.tests.test_actions import JOB, heard_by, log, news, send
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, an_actor


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as here:
        yield here


def signatures(there: Receiver, *secrets: str) -> list[bool]:
    """Whether each of these secrets signed the last message; nothing else did."""
    _path, headers, body = there.heard[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    said = headers["webhook-signature"].split(" ")
    wanted = [
        "v1," + base64.b64encode(hmac.new(_key(one), signed, hashlib.sha256).digest()).decode()
        for one in secrets
    ]
    assert set(said) <= set(wanted)
    return [one in said for one in wanted]


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))


@pytest.mark.django_db(transaction=True)
def test_the_old_secret_signs_beside_the_new_one_for_a_day(there: Receiver) -> None:
    staff, old = heard_by(there)
    new = actions.rotate(staff, county=COUNTY, subscription=old.id)
    assert new.secret != old.secret
    news(JOB)
    send()
    assert signatures(there, new.secret, old.secret) == [True, True]
    with pytest.raises(Conflict):
        actions.rotate(staff, county=COUNTY, subscription=old.id)
    with clock.at(clock.now() + OVERLAP):
        news(JOB)
        send()
        assert signatures(there, new.secret, old.secret) == [True, False]
        actions.forget_old(JOB)
        assert scalar("SELECT former_secret FROM webhooks_subscription") == ""
        actions.rotate(staff, county=COUNTY, subscription=old.id)


@pytest.mark.django_db(transaction=True)
def test_a_secret_that_leaked_signs_nothing_more(there: Receiver) -> None:
    staff, old = heard_by(there)
    second = actions.rotate(staff, county=COUNTY, subscription=old.id)
    third = actions.rotate(staff, county=COUNTY, subscription=old.id, at_once=True)
    news(JOB)
    send()
    assert signatures(there, third.secret, second.secret, old.secret) == [True, False, False]
    assert third.secret not in str(scalar("SELECT secret || former_secret FROM webhooks_subscription"))
    assert queries.webhook(staff, county=COUNTY, subscription=old.id).former_until is None


@pytest.mark.django_db(transaction=True)
def test_strangers_rotate_nothing_and_what_ended_stays_ended(there: Receiver) -> None:
    staff, made = heard_by(there)
    with pytest.raises(Forbidden):
        actions.rotate(an_actor("auditor"), county=COUNTY, subscription=made.id)
    stranger = an_actor("centre_staff", place=OTHER_COUNTY)
    with pytest.raises(Missing):
        actions.rotate(stranger, county=OTHER_COUNTY, subscription=made.id)
    actions.end(staff, county=COUNTY, subscription=made.id)
    with pytest.raises(Conflict):
        actions.rotate(staff, county=COUNTY, subscription=made.id)


@override_settings(COUNTYFAIR_WEBHOOK_LOG_DAYS=LOG_LEAST_DAYS + 1)
@pytest.mark.django_db(transaction=True)
def test_old_tries_go_and_what_can_be_replayed_stays(there: Receiver) -> None:
    begun = clock.now()
    with clock.at(begun - timedelta(days=LOG_LEAST_DAYS + 2)):
        staff, made = heard_by(there)
        news(JOB)
        send()
    (row,) = log(staff, made)
    assert len(queries.attempts(staff, county=COUNTY, delivery=row.id)) == 1
    actions.forget_old(JOB)
    (row,) = log(staff, made)
    assert row.body
    assert queries.attempts(staff, county=COUNTY, delivery=row.id) == []
    actions.replay(staff, county=COUNTY, delivery=row.id)
    assert send() == 1
    with clock.at(begun + KEPT):
        actions.forget_old(JOB)
    assert log(staff, made)[0].body == "", "its last try stands in the log still"
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM webhooks_attempt").fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_never_forgotten(there: Receiver) -> None:
    with clock.at(clock.now() - KEPT - timedelta(days=1)):
        staff, made = heard_by(there)
        news(JOB)
        there.answers = [500]
        send()
    actions.forget_old(JOB)
    assert log(staff, made)[0].body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["DELETE FROM webhooks_attempt", "UPDATE webhooks_attempt SET status = 1"])
def test_fresh_tries_are_kept_by_the_database_itself(there: Receiver, change: str) -> None:
    heard_by(there)
    news(JOB)
    send()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
