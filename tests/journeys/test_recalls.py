"""A recalled lot reaches its buyers: called back at the desk, told by message, seen on their orders' pages.

Who has it is warned, who waits for it gets the money back, and nobody is sold any more of it.
"""

from __future__ import annotations

from typing import cast

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people import sms
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_claims import delivered
from countyfair.trade.orders.tests.test_life import pay
from countyfair.trade.trace import actions as trace
from countyfair.trade.trace.tests.factories import Gateway, numbered, waybill_of
from tests.browser.visiting import FACES, Visitor
from tests.journeys.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "样例：农残超标"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setitem(cast("dict[str, object]", sms.PROVIDERS), "console", made)
    return made


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_recalled_lot_reaches_its_buyers(visitor: Visitor, gateway: Gateway, lang: str, width: int) -> None:
    cache.clear()
    fair = a_fair(lots=(10_000,))
    numbered(fair)
    has_it, waits_for_it = delivered(fair), place(fair)
    pay(fair, waits_for_it)
    deliver_everything()
    gateway.sent.clear()
    desk = recalled(visitor, fair, lang, width)
    deliver_everything()
    while trace.tell_buyers():
        pass
    told(gateway, lang)
    desk.page.reload()
    desk.look("told")
    told_of = desk.page.locator("tbody .tag", has_text=desk.said("told"))
    expect(told_of).to_have_count(2)

    buyer = somebody(visitor, lang, width, f"/orders/{has_it.order}/{has_it.token}/")
    buyer.sees("Part of this order is recalled")
    buyer.reads(WHY)
    buyer.sees("Do not eat what you have of it. The county centre tells you what to do with it.")
    buyer.look("has-it")
    buyer.go(f"/orders/{waits_for_it.order}/{waits_for_it.token}/")
    buyer.sees("Cancelled")
    buyer.sees("Being given back")
    buyer.look("waits-for-it")
    buyer.go(f"/goods/{fair.stall.product}/")
    buyer.sees("Sold out")
    buyer.look("sold-out")
    buyer.go(f"/parcels/{waybill_of(has_it.order)}")
    buyer.reads(WHY)
    buyer.look("origin")
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


def recalled(visitor: Visitor, fair: Fair, lang: str, width: int) -> Walker:
    """The desk, on the page of a recall that it has just made."""
    person = visitor.member(clients.signed_in("centre_staff"), lang=lang, width=width)
    lot = f"/centre/{fair.county}/lots/{fair.stall.lots[0]}/"
    desk = Walker(visitor, visitor.open(lot, person), lang, "recall-desk")
    desk.page.locator("main").get_by_role("link", name=desk.said("Recall"), exact=True).click()
    desk.look("form")
    desk.write(reason=WHY)
    desk.press("Recall this lot")
    desk.look("refused")
    desk.choose("severity", "serious")
    desk.press("Recall this lot")
    desk.reads(WHY)
    desk.look("made")
    return desk


def somebody(visitor: Visitor, lang: str, width: int, path: str) -> Walker:
    return Walker(visitor, visitor.open(path, lang=lang, width=width), lang, "recall-buyer")


def told(gateway: Gateway, lang: str) -> None:
    """One warning to each of the two, in both languages, since none of theirs is on record."""
    warnings = [one for one in gateway.sent if "召回" in one.text]
    assert len(warnings) == 2
    assert all("recalled" in one.text for one in warnings)
