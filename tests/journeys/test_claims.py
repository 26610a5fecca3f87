"""A spoiled box is claimed after the household was paid, refunded, and stands on the next statement.

The buyer comes by the order's link, with scripts or without.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from countyfair.kernel.clock import at, now
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people.tests.factories import SYSTEM, a_role, a_user
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.orders.tests.test_claims import a_picture, delivered
from countyfair.trade.settlement.tests.factories import a_batch, bank_says
from tests.browser.visiting import DESK, FACES, PHONE, Visitor
from tests.journeys.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "一包发霉了"


def paid_out() -> tuple[Fair, Placed]:
    """Two packs of one household, delivered nine days ago, earned and paid out by now."""
    with at(now() - timedelta(days=9)):
        fair = a_fair()
        placed = delivered(fair)
    actions.complete_due(SYSTEM)
    deliver_everything()
    bank_says(a_batch(), "paid")
    return fair, placed


def at_the_desk(visitor: Visitor, fair: Fair, lang: str, width: int = DESK) -> Walker:
    """Somebody of the centre, signed in."""
    user = a_user()
    a_role(user, "county_admin", place=fair.county)
    person = visitor.member(client_of(user, second_factor=True), lang=lang, width=width)
    return Walker(visitor, visitor.open("/", person), lang, "claims-desk")


def claim_it(buyer: Walker, placed: Placed, photo: Path) -> None:
    buyer.go(f"/orders/{placed.order}/{placed.token}/")
    buyer.look("order")
    buyer.follow("Tell what is wrong")
    buyer.press("On to the photos")
    buyer.sees("Choose what is wrong.")
    buyer.look("refused")
    buyer.choose("kind", "spoiled")
    buyer.choose("when", "home")
    buyer.write(words=WORDS)
    buyer.press("On to the photos")
    buyer.found("[name=photo]")
    buyer.look("photos")
    buyer.page.locator("[name=photo]").set_input_files(str(photo))
    buyer.press("Add this photo")
    shown = buyer.found("img[src*='/photos/']")
    assert shown.evaluate("(e) => e.decode().then(() => e.naturalWidth)") == 400
    buyer.press("Send the claim")
    buyer.sees("Waiting for an answer")
    buyer.look("sent")


def answer_it(desk: Walker, fair: Fair) -> None:
    desk.go(f"/centre/{fair.county}/")
    desk.tile("Claims to answer")
    desk.look("queue")
    desk.page.locator("main table a").first.click()
    desk.reads(WORDS)
    desk.look("claim")
    desk.press("Answer the claim")
    desk.sees("Choose the answer.")
    desk.choose("what", "grant")
    desk.page.locator("[name=bearer]").select_option("household")
    desk.press("Answer the claim")
    desk.sees("Say why it is not borne as the table proposes.")
    desk.write(why="样例：采收时已有病斑")
    desk.press("Answer the claim")
    desk.sees("The money goes back.")
    desk.look("answered")


@pytest.mark.parametrize(
    ("lang", "width", "scripts"),
    [*(pytest.param(*face.values, True, marks=face.marks) for face in FACES), ("zh-hans", PHONE, False)],
)
def test_a_spoiled_box_is_refunded_after_payout(
    visitor: Visitor, lang: str, width: int, scripts: bool, tmp_path: Path
) -> None:
    cache.clear()
    fair, placed = paid_out()
    photo = tmp_path / "box.jpg"
    photo.write_bytes(a_picture())
    person = visitor.person(lang=lang, width=width, scripts=scripts)
    buyer = Walker(visitor, visitor.open("/", person), lang, f"claims-{scripts}", scripts)
    claim_it(buyer, placed, photo)
    desk = at_the_desk(visitor, fair, lang, width)
    answer_it(desk, fair)
    deliver_everything()
    desk.go(f"/centre/{fair.county}/households/{fair.households[0]}/statement/")
    line = desk.page.locator("tbody tr", has_text=desk.said("Claim: the goods were spoiled"))
    expect(line.locator("td.number").first).to_contain_text("23.84")
    desk.look("statement")
    desk.go(f"/centre/{fair.county}/claims/bearers/")
    desk.look("bearers")
    buyer.page.reload()
    buyer.sees("%(money)s is given back to you", money="¥29.80")
    buyer.look("answered")
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_goods_are_sent_again(visitor: Visitor, lang: str, tmp_path: Path) -> None:
    cache.clear()
    fair, placed = paid_out()
    photo = tmp_path / "box.jpg"
    photo.write_bytes(a_picture())
    buyer = Walker(visitor, visitor.open("/", visitor.person(lang=lang, width=PHONE)), lang, "claims-again")
    claim_it(buyer, placed, photo)
    desk = at_the_desk(visitor, fair, lang)
    desk.go(f"/centre/{fair.county}/")
    desk.tile("Claims to answer")
    desk.page.locator("main table a").first.click()
    desk.choose("what", "again")
    desk.look("again")
    desk.press("Answer the claim")
    desk.sees("The goods go out again.")
    desk.follow("Sent again")
    desk.sees("Replacement, nothing to pay")
    desk.look("replacement")
    buyer.page.reload()
    buyer.sees("The same goods are sent to you again")
    buyer.look("sent-again")
    buyer.follow("See where they are")
    buyer.sees("It comes instead of what you claimed. Nothing is to be paid.")
    buyer.look("replacement")
    buyer.follow("Order %(number)s", number=placed.number)
    buyer.sees("Is something wrong with it?")
    deliver_everything()
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


def test_a_claim_is_found_by_nobody_else(visitor: Visitor, tmp_path: Path) -> None:
    cache.clear()
    _fair, placed = paid_out()
    photo = tmp_path / "box.jpg"
    photo.write_bytes(a_picture())
    person = visitor.person(lang="en")
    buyer = Walker(visitor, visitor.open("/", person), "en", "claims-private")
    claim_it(buyer, placed, photo)
    picture = str(buyer.found("img[src*='/photos/']").get_attribute("src"))
    for address in (picture.replace(placed.token, "guessed"), picture.replace(f"/{placed.token}", "")):
        assert visitor.person(lang="en").request.get(visitor.address + address).status == 404
    assert UUID(picture.split("/")[-2])
