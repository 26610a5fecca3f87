"""Stripe against its double: the same house, another country's provider."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways import offered, stripe
from countyfair.trade.payments.gateways.shape import Asked, Unreachable
from countyfair.trade.payments.tests.doubles import stripe as stripes
from countyfair.trade.payments.tests.doubles.stripe import NEXT_SECRET, SECRET, StripeDouble
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, an_intent

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {"back": "https://fair.example/o/1?back=1", "notify": "https://fair.example/pay/stripe/notify/"}


@pytest.fixture
def provider(settings: Settings) -> Iterator[StripeDouble]:
    with stripes.at_work(settings) as made:
        yield made


def asked(amount_fen: int = 3600, **options: Any) -> UUID:
    intent = an_intent(amount_fen, gateway="stripe", **options)
    actions.payment_link(intent, **WAYS, subject="261124-1")
    return intent


def knock(headers: dict[str, str], body: bytes) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post("/pay/stripe/notify/", body, content_type="application/json", headers=headers)


def paid(provider: StripeDouble, amount_fen: int = 3600) -> UUID:
    intent = asked(amount_fen)
    said = provider.pay(str(intent))
    assert knock(*provider.event(said, key=f"evt_{intent.hex}")).status_code == 200
    assert queries.intent(intent).state == "paid"
    return intent


def held() -> int:
    return balance(county=COUNTY, code="clearing", owner="stripe")


def refund_of(intent: UUID, amount_fen: int, source: str) -> queries.RefundRow:
    made = actions.ask_refund(SYSTEM, source=source, intent=intent, amount_fen=amount_fen, reason="return")
    return queries.refund(made)


def test_it_is_offered_only_where_all_of_it_is_set(provider: StripeDouble, settings: Settings) -> None:
    assert "stripe" in [way.name for way in offered()]
    settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS = []
    assert "stripe" not in [way.name for way in offered()]


def test_one_intent_leads_to_one_page_however_often_it_is_asked_for(provider: StripeDouble) -> None:
    intent = an_intent(gateway="stripe", expires_at=now() + timedelta(minutes=30))
    links = {actions.payment_link(intent, **WAYS, subject="261124-1") for _time in range(3)}
    assert links == {"https://checkout.stripe.com/c/pay/cs_0000"}
    session = provider.session_of(str(intent))
    assert (session["amount_total"], session["currency"]) == (3600, "cny")
    assert session["success_url"] == WAYS["back"]
    assert actions.payment_code(intent, notify=WAYS["notify"], subject="261124-1")


def test_a_doubled_event_pays_once(provider: StripeDouble) -> None:
    intent = asked()
    event = provider.event(provider.pay(str(intent)))
    assert [knock(*event).status_code for _time in range(2)] == [200, 200]
    other = provider.event(
        provider.pay(str(intent)), key="evt_2", kind="checkout.session.async_payment_succeeded"
    )
    assert knock(*other).status_code == 200
    assert scalar("SELECT count(*) FROM payments_capture") == 1
    assert held() == 3600


def test_a_lost_event_is_found_by_asking(provider: StripeDouble) -> None:
    intent = asked()
    assert actions.ask_provider(SYSTEM, intent=intent).state == "awaiting"
    provider.pay(str(intent))
    with at(now() + timedelta(minutes=1)):
        assert actions.look_at_silent_intents() == 1
    assert queries.intent(intent).state == "paid"
    assert knock(*provider.event(provider.pay(str(intent)))).status_code == 200
    assert held() == 3600


@pytest.mark.parametrize(
    "how", ["forged", "old", "early", "none", "live", "no sense", "unpaid", "other kind"]
)
def test_what_stripe_did_not_say_takes_no_money(provider: StripeDouble, how: str) -> None:
    intent = asked()
    said = provider.pay(str(intent))
    ways: dict[str, Callable[[], tuple[dict[str, str], bytes]]] = {
        "forged": lambda: provider.event(said, secrets=("whsec_guessed",)),
        "old": lambda: provider.event(said, stamp=int(time.time()) - 301),
        "early": lambda: provider.event(said, stamp=int(time.time()) + 301),
        "none": lambda: ({}, provider.event(said)[1]),
        "live": lambda: provider.event(said, live=True),
        "no sense": lambda: provider.event({"client_reference_id": 7, "payment_status": "paid"}),
        "unpaid": lambda: provider.event(said | {"payment_status": "unpaid"}),
        "other kind": lambda: provider.event(said, kind="charge.dispute.created"),
    }
    headers, body = ways[how]()
    answer = knock(headers, body)
    assert answer.status_code == (200 if how in ("unpaid", "other kind") else 401)
    assert scalar("SELECT count(*) FROM payments_capture") == 0


@pytest.mark.parametrize(("other", "outcome"), [
    ({"amount_total": 3500}, "wrong_amount"), ({"currency": "usd"}, "wrong_currency"),
])  # fmt: skip
def test_another_amount_or_currency_waits_for_a_person(
    provider: StripeDouble, other: dict[str, Any], outcome: str
) -> None:
    intent = asked()
    knock(*provider.event(provider.pay(str(intent), **other)))
    assert [row.outcome for row in queries.refused_notices(SYSTEM, county=COUNTY)] == [outcome]
    assert queries.intent(intent).state == "awaiting"


def test_while_a_secret_is_rolled_both_hold(provider: StripeDouble, settings: Settings) -> None:
    provider.secrets = (SECRET, NEXT_SECRET)
    for secrets in ([SECRET], [SECRET, NEXT_SECRET], [NEXT_SECRET]):
        settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS = secrets
        paid(provider)
    settings.COUNTYFAIR_STRIPE_WEBHOOK_SECRETS = ["whsec_of_somebody_else"]
    assert knock(*provider.event(provider.pay(str(asked())))).status_code == 401


def test_refunds_go_back_in_parts_and_never_beyond(provider: StripeDouble) -> None:
    intent = paid(provider)
    for amount in (1000, 2600):
        refund_of(intent, amount, f"r{amount}")
        actions.settle_refunds()
    assert [one["amount"] for one in provider.refunds.values()] == [1000, 2600]
    assert held() == 0
    with pytest.raises(Conflict):
        refund_of(intent, 1, "more")


def test_a_refund_under_way_or_without_balance_is_asked_for_again(provider: StripeDouble) -> None:
    intent = paid(provider)
    refund = refund_of(intent, 1000, "r1")
    provider.refunding = "poor"
    actions.settle_refunds()
    assert queries.refund(refund.id).state == "asked"
    provider.refunding = "succeeded"
    with at(now() + timedelta(minutes=5)):
        actions.settle_refunds()
    assert queries.refund(refund.id).state == "done"
    assert len(provider.refunds) == 1


def test_a_refund_that_is_told_of_is_settled_at_once(provider: StripeDouble) -> None:
    intent = paid(provider)
    provider.refunding = "pending"
    refund = refund_of(intent, 1000, "r1")
    actions.settle_refunds()
    assert queries.refund(refund.id).state == "asked"
    (made,) = provider.refunds.values()
    said = made | {"status": "succeeded"}
    assert knock(*provider.event(said, kind="refund.updated", key="evt_r")).status_code == 200
    assert queries.refund(refund.id).state == "done"


def test_a_page_is_closed_with_its_intent_among_many_others(provider: StripeDouble) -> None:
    kept = [asked() for _other in range(5)]
    intent = asked()
    actions.cancel_intent(SYSTEM, intent=intent)
    stripe.GATEWAY.close(intent)
    stripe.GATEWAY.close(intent)
    assert provider.session_of(str(intent))["status"] == "expired"
    assert {provider.session_of(str(one))["status"] for one in kept} == {"open"}


def test_an_error_page_changes_nothing(provider: StripeDouble) -> None:
    intent = asked()
    provider.wrong = "html"
    order = Asked(uuid7(), "order:1", 100, "CNY", None)
    for call in (
        lambda: stripe.GATEWAY.link(order, back="https://x", notify="https://y", address=""),
        lambda: stripe.GATEWAY.look_up(intent),
        lambda: stripe.GATEWAY.close(intent),
    ):
        with pytest.raises(Unreachable):
            call()
