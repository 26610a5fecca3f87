"""The main line in a browser: from a weighed harvest to money in the household's account.

Everybody does their part on the real pages, in both languages: an agent weighs, the centre sets
terms and offers, one buyer orders to the door and pays online, another picks up and pays cash, the
agent packs, hands over and gives out, finance pays out, and the household's statement adds up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Request, expect

from countyfair.kernel.clock import today
from countyfair.kernel.outbox import lags
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.ui.formats import money, quantity
from countyfair.trade.stock import actions as stock
from tests.browser.visiting import DESK, LANGUAGES, PHONE
from tests.journeys.conftest import COUNTY, House
from tests.journeys.walking import Walker, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AGENT, STAFF, FINANCE, SECOND, ADMIN = (f"199000017{n:02d}" for n in (2, 5, 6, 7, 8))
GOODS = {"zh-hans": "鲜香菇", "en": "Fresh shiitake"}
PACK = {"zh-hans": "两公斤箱", "en": "2 kg box"}

# By hand. The harvest is 24 jin = 12 kg of one household. A box of 2 kg costs 38.00, and 6 kg may go
# through the web shop: three boxes. Of the goods the household gets 80 %.
PRICE = 3800
# Two boxes to a village of the county: 76.00, and 4 kg at 3.00 for the first and 1.00 a further kilo.
DOOR_GOODS, DOOR_FREIGHT = 7600, 300 + 3 * 100
# One box picked up at the station costs no freight.
PICKUP_GOODS = 3800
# 80 % of 76.00 are 60.80, of 38.00 are 30.40.
EARNED = (6080, 3040)
PAID_OUT = 9120


@pytest.mark.parametrize("lang", LANGUAGES)
def test_money_goes_from_a_harvest_to_its_household(house: House, lang: str, tmp_path: Path) -> None:
    desk = DESK if lang == "en" else PHONE
    set_terms(house.somebody("admin", lang, width=desk))
    agent = house.somebody("agent", lang)
    weigh_in(house, agent)
    put_up(house.somebody("staff", lang, width=desk))
    door = order_to_the_door(house, house.somebody("door", lang))
    pickup = order_for_pickup(house, house.somebody("pickup", lang))
    sold_out(house.somebody("late", lang))
    take_cash(house, agent, pickup)
    pack(agent, door.number, weighs="4000", parcel="4300")
    pack(agent, pickup.number, weighs="2000", parcel="2200")
    hand_over(agent)
    give_out(agent, pickup)
    bring_to_the_door(agent, door)
    count_till(agent)
    house.work()
    completed(door)
    number = prepare(house.somebody("finance", lang, width=desk))
    second = house.somebody("second", lang, width=desk)
    send(second, number, tmp_path)
    answered(second)
    statement(second)
    house.provider.send_due()
    house.work()
    assert balance(county=COUNTY, code="escrow") == 0
    assert lags() == []
    assert broken() == []


def test_a_buyer_needs_no_scripts(house: House) -> None:
    harvest = Quantity(12_000, Unit.GRAM)
    stock.take_in(
        SYSTEM, lot=house.id("lot", "journey"), household=house.id("household", "h06"),
        product=house.id("product", "fresh-mushroom"), quantity=harvest, harvested_on=today(),
        station=house.id("station", "t101"),
    )  # fmt: skip
    buyer = house.somebody("plain", "zh-hans", scripts=False)
    basket_with(buyer, "2.5 公斤", packs=2)
    buyer.follow("To the checkout")
    for step, code in enumerate(("45", "4502", "450225", "450225101", "450225101202"), start=1):
        buyer.found(f"[name=place_{step}]").select_option(code)
        if step < 5:
            buyer.press("Show the next level")
    buyer.write(address="一组 3 号", name="样例·买家", phone="19900002003")
    # Two boxes of 2.5 kg at 43.80, and 5 kg to a village of the county: 3.00 + 4 × 1.00.
    buyer.look("total")
    order_button(buyer, 8760 + 700).click()
    leave_the_provider(house, buyer)
    buyer.follow("Pay now")
    pay_online(house, buyer)
    assert broken() == []


@dataclass(frozen=True, slots=True)
class Bought:
    """A buyer, and the order on their page."""

    buyer: Walker
    number: str
    address: str


# --- the centre


def set_terms(admin: Walker) -> None:
    """A return window of no days, so that what is delivered is settled at the worker's next round."""
    sign_in(admin, ADMIN, f"/centre/{COUNTY}/")
    admin.look("today")
    admin.follow("Share terms")
    admin.write(household="80", station="8", centre="8", platform="4", return_window_days="0")
    admin.press("Set these terms")
    admin.sees("Version %(version)d holds from now on.", version=2)
    admin.look("shares")


def put_up(staff: Walker) -> None:
    """A box of two kilos: packed, priced, and no more of it than 6 kg through the web shop."""
    sign_in(staff, STAFF, f"/centre/{COUNTY}/")
    staff.follow("Products")
    staff.look("products")
    staff.write(q=GOODS["zh-hans"])
    staff.press("Filter")
    staff.page.get_by_role("link", name=GOODS[staff.lang], exact=True).click()
    staff.look("product")
    staff.follow("Add a pack")
    staff.write(code="BOX-2", label_zh=PACK["zh-hans"], label_en=PACK["en"], content_amount="2")
    staff.choose("sold_by", "weight")
    staff.look("pack")
    staff.press("Add the pack")
    staff.page.get_by_role("row", name=PACK[staff.lang]).get_by_role("link").last.click()
    staff.page.wait_for_load_state()
    staff.write(price="38.00", cap_shop="6")
    staff.look("offer")
    staff.press("Put it up")
    staff.sees("It is on sale.")
    staff.look("on-sale")


# --- the station


def weigh_in(house: House, agent: Walker) -> None:
    number = people.household(SYSTEM, household_id=house.id("household", "h06")).number
    sign_in(agent, AGENT, "/station/")
    agent.look("today")
    agent.tile("Weigh in")
    agent.look("whose")
    agent.write(q=number)
    agent.press("Search")
    agent.page.locator("a.tile", has_text=number).click()
    agent.page.wait_for_load_state()
    agent.look("what")
    agent.tile(GOODS[agent.lang])
    agent.write(quantity="24")
    agent.choose("unit", "斤")
    agent.look("how-much")
    agent.press("Take in")
    agent.reads(agent.inside(lambda: quantity(12_000, "g")))
    agent.reads(number)
    agent.look("slip")


def take_cash(house: House, agent: Walker, order: Bought) -> None:
    agent.go("/station/")
    agent.tile("Take cash")
    agent.look("cash")
    agent.write(number=order.number)
    agent.press("Find the order")
    agent.reads(agent.inside(lambda: money(PICKUP_GOODS)))
    agent.look("in-hand")
    agent.press("Yes, I have it")
    agent.sees("Paid in cash")
    agent.look("receipt")
    house.work()


def pack(agent: Walker, number: str, *, weighs: str, parcel: str) -> None:
    agent.go("/station/")
    agent.tile("order|Pack")
    agent.look("to-pack")
    agent.follow("Pack %(number)s", number=number)
    agent.found("[name^='weight-']").fill(weighs)
    agent.write(weight=parcel)
    agent.look("packing")
    agent.press("Packed")
    agent.look("packed")
    agent.press("Label")
    agent.reads(number)
    agent.look("label")


def hand_over(agent: Walker) -> None:
    agent.go("/station/")
    agent.tile("Hand over")
    agent.look("round")
    agent.press("Hand over")
    agent.look("handed-over")


def give_out(agent: Walker, order: Bought) -> None:
    buyer = order.buyer
    buyer.page.reload()
    code = buyer.found(".pickup-code").inner_text()
    buyer.look("code")
    agent.go("/station/")
    agent.tile("Give out")
    agent.look("shelf")
    agent.write(code=code)
    agent.press("Find the parcel")
    agent.reads(order.number)
    agent.look("found")
    agent.press("Give to the buyer")
    agent.sees("Given to the buyer.")
    agent.look("given")


def bring_to_the_door(agent: Walker, order: Bought) -> None:
    agent.go("/station/")
    agent.tile("Give out")
    agent.page.get_by_role("link", name=order.number).click()
    agent.page.wait_for_load_state()
    agent.write(evidence="样例·买家 签收")
    agent.look("evidence")
    agent.press("Give to the buyer")
    agent.sees("Given to the buyer.")


def count_till(agent: Walker) -> None:
    agent.go("/station/")
    agent.tile("Till")
    agent.reads(agent.inside(lambda: money(PICKUP_GOODS)))
    agent.write(counted="38.00", banked="30")
    agent.look("till")
    agent.press("Counted")
    agent.reads(agent.inside(lambda: money(800)))
    agent.look("counted")


# --- buyers


def order_to_the_door(house: House, buyer: Walker) -> Bought:
    basket_with(buyer, PACK[buyer.lang], packs=2)
    buyer.follow("To the checkout")
    asked = steps_asked(buyer)
    for step, code in enumerate(("45", "4502", "450225", "450225101", "450225101202"), start=1):
        buyer.found(f"[name=place_{step}]").select_option(code)
    assert asked == ["45", "450225", "450225101"], "the prefecture's counties came with the province's answer"
    buyer.write(address="一组 3 号", name="样例·买家", phone="19900002001")
    buyer.look("checkout")
    order_button(buyer, DOOR_GOODS + DOOR_FREIGHT).click()
    return pay_online(house, buyer)


def steps_asked(buyer: Walker) -> list[str]:
    """The codes for which the picker asks from now on."""
    asked: list[str] = []

    def hear(request: Request) -> None:
        if "/places/below?code=" in request.url:
            asked.append(request.url.rpartition("=")[2])

    buyer.page.on("request", hear)
    return asked


def order_for_pickup(house: House, buyer: Walker) -> Bought:
    basket_with(buyer, PACK[buyer.lang], packs=1)
    buyer.follow("To the checkout")
    buyer.choose("fulfilment", "pickup")
    buyer.found("[name=station]").select_option(str(house.id("station", "t101")))
    buyer.choose("gateway", "counter")
    buyer.write(name="样例·街坊", phone="19900002002")
    buyer.look("checkout")
    order_button(buyer, PICKUP_GOODS, "counter").click()
    return placed(buyer)


def basket_with(buyer: Walker, pack: str, *, packs: int) -> None:
    """From the front of the fair to a full basket."""
    buyer.look("fair")
    goods(buyer)
    buyer.look("product")
    buyer.page.locator("label.choice", has_text=pack).locator("input").check()
    buyer.write(quantity=str(packs))
    if buyer.scripts:
        buyer.page.evaluate("customElements.whenDefined('put-in').then(() => null)")
    buyer.press("Put in the basket")
    if buyer.scripts:
        buyer.look("put-in")
        buyer.follow("To the basket")
    buyer.look("basket")


def goods(buyer: Walker) -> None:
    buyer.write(q=GOODS[buyer.lang])
    buyer.page.keyboard.press("Enter")
    buyer.page.wait_for_url("**/goods/?**")
    buyer.look("search")
    buyer.page.get_by_role("link", name=GOODS[buyer.lang]).first.click()
    buyer.page.wait_for_load_state()


def order_button(buyer: Walker, fen: int, gateway: str = "sandbox") -> Locator:
    """It names the whole total, freight too, as soon as the place is chosen, and whether one pays now."""
    words = "Place the order: %(total)s" if gateway == "counter" else "Place the order and pay: %(total)s"
    name = buyer.said(words, total=buyer.inside(lambda: money(fen)))
    return buyer.page.locator(".action-bar").get_by_role("button", name=name, exact=True)


def placed(buyer: Walker) -> Bought:
    """On the order's own page."""
    buyer.page.wait_for_url("**/orders/*/*/**")
    buyer.look("ordered")
    number = re.search(r"\d{6}-\d{8}-\d", buyer.found("h1").inner_text())
    assert number is not None
    return Bought(buyer, number[0], buyer.page.url.partition("?")[0])


def pay_online(house: House, buyer: Walker) -> Bought:
    """At the provider's page; its notice reaches the running house, and the order's page turns by itself."""
    buyer.page.wait_for_url(f"{house.provider_address}/**")
    buyer.look("provider")
    buyer.page.locator("summary").click()
    buyer.choose("way", "before")
    buyer.page.locator("button.main").click()
    order = placed(buyer)
    house.work()
    expect(buyer.page.locator(".tag").first).to_have_text(buyer.said("Paid, to be packed"))
    buyer.look("paid")
    return order


def leave_the_provider(house: House, buyer: Walker) -> None:
    """Whoever goes away from the provider's page finds the order by what their phone kept."""
    buyer.page.wait_for_url(f"{house.provider_address}/**")
    buyer.go("/basket/")
    buyer.sees("You have ordered")
    buyer.look("basket, ordered")
    buyer.go("/orders/find/")
    buyer.follow("Your last order")
    buyer.page.wait_for_url("**/orders/*/*/")


def sold_out(buyer: Walker) -> None:
    """All that the cap allows is sold, though the harvest is not."""
    goods(buyer)
    gone = buyer.page.locator("label.choice", has_text=PACK[buyer.lang])
    expect(gone.locator("input")).to_be_disabled()
    expect(gone).to_contain_text(buyer.said("Sold out"))
    buyer.look("sold-out")


def completed(order: Bought) -> None:
    buyer = order.buyer
    buyer.go(order.address)
    expect(buyer.page.locator(".tag").first).to_have_text(buyer.said("Completed"))
    buyer.look("completed")


# --- the money


def prepare(finance: Walker) -> str:
    """One person prepares, and cannot send."""
    sign_in(finance, FINANCE, f"/centre/{COUNTY}/")
    finance.follow("Payouts")
    finance.reads(finance.inside(lambda: money(PAID_OUT)))
    finance.look("owed")
    finance.press("Prepare a batch")
    finance.sees("You prepared this batch")
    assert finance.page.get_by_role("button", name=finance.said("Confirm and send")).count() == 0
    finance.look("prepared")
    return finance.page.url.rstrip("/").rsplit("/", 1)[1]


def send(second: Walker, batch: str, folder: Path) -> None:
    """Another person confirms; the bank's file says what each account gets."""
    sign_in(second, SECOND, f"/centre/{COUNTY}/")
    second.follow("Payouts")
    second.page.locator(f"a[href*='{batch}']").click()
    second.page.wait_for_load_state()
    second.look("batch")
    second.page.get_by_role("button", name=second.said("Confirm and send")).click()
    second.press("Press again: %(money)s", money=second.inside(lambda: money(PAID_OUT)))
    second.sees("The batch is sent. Download its file for the bank.")
    second.look("sent")
    with second.page.expect_download() as coming:
        second.page.get_by_role("button", name=second.said("Download the bank's file")).click()
    kept = folder / "bank.csv"
    coming.value.save_as(kept)
    rows = kept.read_bytes().decode("gb18030").splitlines()
    assert len(rows) == 3
    assert "样例·梁甲" in rows[1]
    assert "9990000019900001006" in rows[1]
    assert "91.20" in rows[1]
    assert "91.20" in rows[2]


def answered(second: Walker) -> None:
    second.found("select[name^=outcome_]").select_option("paid")
    second.found("input[name^=reference_]").fill("YH-1")
    second.press("Keep the answers")
    second.reads("YH-1")
    second.look("paid")


def statement(second: Walker) -> None:
    """The household's statement: by its rows, and by its own word, it adds up."""
    second.page.locator("table a").first.click()
    second.page.wait_for_load_state()
    second.sees("It adds up")
    second.look("statement")
    cells = second.page.locator("tbody tr:not(.strong) td.number:nth-last-child(2)").all_inner_texts()
    assert sorted(fen(cell) for cell in cells) == sorted([*EARNED, -PAID_OUT])
    assert fen(second.found("[data-opening]").inner_text()) == 0
    assert fen(second.found("[data-closing]").inner_text()) == sum(EARNED) - PAID_OUT == 0


def fen(text: str) -> int:
    """A sum on a page, as fen."""
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def broken() -> list[str]:
    """The proofs of `countyfair check` that do not hold."""
    return [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken]
