"""A clerk and four platforms in a browser: files in, goods said, a shortfall, waybills, settlement, month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.platforms.shape import State, TheirLine, TheirOrder
from countyfair.outreach.channels.tests.factories import a_connection
from countyfair.outreach.channels.tests.making import made_order, write_orders, write_statement
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.outside import offered_at
from tests.browser.visiting import FACES, Visitor, flaws, overflow
from tests.journeys.test_centre import at_work, county
from tests.machine import books

__all__ = ["county"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Platform → what its shop is called there.
SHOPS = {
    "taobao": "样例淘宝店",
    "pinduoduo": "样例拼多多店",
    "douyin": "样例抖音店",
    "kuaishou": "样例快手店",
}
KNOWN = TheirLine("1", "8801", "9901", "HM-500", "样例黑糯米 真空装", "500g", 1, 2980)
UNKNOWN = TheirLine("1", "8802", "9902", "HM-500N", "样例黑糯米 新米上市", "500g", 1, 2980)
#: Fen that the settlement lacks, by the place of its order.
SHORT = {0: 101, 2: 215, 4: 333}


def an_order(
    platform: str, at: int, state: State, ordered: datetime, goods: TheirLine = KNOWN, pieces: int = 1
) -> TheirOrder:
    """An order of one kind of goods as its platform tells it."""
    base, fen = made_order(platform, 7, at), 2980 * pieces
    line = replace(goods, key=f"{base.number}1", quantity=pieces, amount_fen=fen)
    sent = ordered + timedelta(hours=20) if state in ("shipped", "received") else None
    return replace(
        base, state=state, lines=(line,), paid_fen=fen, freight_fen=0, platform_fen=0, host_fen=0, host="",
        refunded_fen=0, ordered_at=ordered, paid_at=ordered, shipped_at=sent,
        received_at=ordered + timedelta(days=3) if state == "received" else None,
        waybill=f"7580{at:09}" if sent else "", carrier="中通快递" if sent else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Files:
    """Order files by platform, and Douyin's settlement."""

    orders: dict[str, Path]
    settlement: Path


def files(folder: Path) -> Files:
    """Paid orders of three platforms, some of unknown goods, and one too large; Douyin's arrived."""
    lately, long_ago = now() - timedelta(hours=2), now() - timedelta(days=10)
    received = [an_order("douyin", at, "received", long_ago) for at in range(6)]
    told = {
        "taobao": [an_order("taobao", at, "paid", lately, UNKNOWN) for at in range(3)],
        "pinduoduo": [
            an_order("pinduoduo", 0, "paid", lately),
            an_order("pinduoduo", 1, "paid", lately, UNKNOWN),
        ],
        "douyin": received,
        "kuaishou": [
            an_order("kuaishou", 0, "paid", lately),
            an_order("kuaishou", 1, "paid", lately, pieces=60),
        ],
    }
    paths = {}
    for platform, rows in told.items():
        paths[platform] = folder / f"{platform}.{'xlsx' if platform == 'kuaishou' else 'csv'}"
        encoding = "gbk" if platform == "taobao" else "utf-8-sig"
        write_orders(paths[platform], platform, rows, encoding=encoding)
    settlement = folder / "douyin-settlement.csv"
    write_statement(settlement, "douyin", received, {received[at].number: fen for at, fen in SHORT.items()})
    return Files(paths, settlement)


def known_shops(county: County, folder: Path, *, but: str) -> dict[str, UUID]:
    """Shops on the platforms whose goods `KNOWN` were said before; and offers on all four."""
    made = {}
    for platform, name in SHOPS.items():
        offer = offered_at(county.fair, platform)
        if platform == but:
            continue
        made[platform] = a_connection(county.fair, platform, name)
        know(county, folder, platform, offer)
    return made


def know(county: County, folder: Path, platform: str, offer: UUID) -> None:
    """An earlier file named these goods, and a person said what they are."""
    path = folder / f"earlier-{platform}.csv"
    write_orders(path, platform, [replace(an_order(platform, 900, "unpaid", now()), paid_at=None)])
    row = channels.open_file(SYSTEM, intake=uuid7(), county=county.code, name=path.name, path=path)
    channels.start_intake(SYSTEM, intake=row.id)
    channels.read_intakes()
    listing = UUID(
        str(scalar("SELECT id FROM channels_listing WHERE connection_id = %s", [row.connection_id]))
    )
    channels.map_listing(SYSTEM, listing=listing, offer=offer)


def well(page: Page, visitor: Visitor, name: str) -> None:
    visitor.shot(page, f"platforms-{name}")
    assert overflow(page) == 0, name
    assert flaws(page) == [], name


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_clerk_brings_four_platforms_home(
    visitor: Visitor, county: County, tmp_path: Path, lang: str, width: int
) -> None:
    zh = lang == "zh-hans"
    face = f"{lang}-{width}"

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    dropped, before = files(tmp_path), books.disproved()
    shops = known_shops(county, tmp_path, but="kuaishou")
    person = at_work(visitor, "centre_staff", lang=lang, width=width)
    page = visitor.open(county.at("platforms/"), person)

    # A shop is connected.
    page.get_by_role("link", name=say("接入店铺", "Connect a shop")).first.click()
    page.get_by_label(say("快手", "Kuaishou")).check()
    page.get_by_label(say("店铺在平台上的名称", "What the shop is called there")).fill(SHOPS["kuaishou"])
    page.get_by_label(say("对应本县哪个店铺", "Which of the county's shops it is")).select_option(index=1)
    well(page, visitor, f"connect-{face}")
    page.get_by_role("button", name=say("接入", "Connect it"), exact=True).click()
    expect(page.locator("h1")).to_have_text(SHOPS["kuaishou"])
    shops["kuaishou"] = UUID(page.url.rstrip("/").rpartition("/")[2])
    offer = UUID(str(scalar("SELECT id FROM catalog_offer WHERE outlet = 'kuaishou'")))
    know(county, tmp_path, "kuaishou", offer)

    # Four files are dropped, looked through and read.
    for platform, path in dropped.orders.items():
        drop(page, visitor, county, path, say, f"{platform}-{face}")

    # Two kinds of goods are said.
    page.goto(visitor.address + county.at("platform-goods/"))
    cards = page.locator("article.card")
    expect(cards).to_have_count(2)
    well(page, visitor, f"goods-{face}")
    for left in (1, 0):
        card = cards.first
        assert card.locator("select[name=offer]").input_value(), "the house suggests what it is"
        card.get_by_role("button", name=say("就是它", "That is it")).click()
        expect(cards).to_have_count(left)

    # What is short goes out as far as it is there.
    page.goto(visitor.address + county.at("platform-orders/"))
    well(page, visitor, f"short-{face}")
    page.locator("tbody a").click()
    well(page, visitor, f"order-{face}")
    page.get_by_role("button", name=say("发这么多", "Send so much")).click()
    expect(page.get_by_text(say("有的先发", "What is there goes out"))).to_be_visible()
    standing = "SELECT count(*) FROM channels_arrival WHERE standing = 'short'"
    assert scalar(standing) == 0

    waybills(page, visitor, county, shops["taobao"], say, face)

    # The settlement: what was planted is found, and nothing else.
    drop(page, visitor, county, dropped.settlement, say, f"settlement-{face}")
    assert channels.book_settled()["queued"] == 3
    page.goto(visitor.address + county.at("platform-differences/"))
    well(page, visitor, f"differences-{face}")
    gaps = sorted(int(str(one.get_attribute("data-gap"))) for one in page.locator("[data-gap]").all())
    assert gaps == sorted(-fen for fen in SHORT.values())
    card = page.locator("[data-gap]").first
    card.get_by_label(say("如何处理的", "How it was settled")).fill("平台活动价")
    card.get_by_role("button", name=say("按实付认可", "Accept as paid")).click()
    expect(page.locator("[data-gap]")).to_have_count(2)

    # The month re-adds.
    page.goto(visitor.address + county.at(f"platforms/{shops['douyin']}/"))
    well(page, visitor, f"shop-{face}")
    page.get_by_role("link", name=say("月账", "Its month")).click()
    page.goto(f"{page.url}?month={(now() - timedelta(days=10)).astimezone(COUNTY_ZONE):%Y-%m}")
    well(page, visitor, f"month-{face}")
    sums = {
        str(one.get_attribute("data-sum")): fen(one.inner_text()) for one in page.locator("[data-sum]").all()
    }
    assert sums["sold"] == sums["stays"] == 6 * 2980
    assert sums["stays"] == sums["bank"] + sums["kept"] + sums["open"]
    assert sums["open"] == 2 * 2980
    parts = ("household", "station", "centre", "own", "courier", "fees")
    assert sum(sums[one] for one in parts) == sums["shared"] == sums["stays"]
    households = [
        int(str(one.get_attribute("data-household"))) for one in page.locator("[data-household]").all()
    ]
    assert sum(households) == sums["household"]
    assert books.disproved() == before


def drop(
    page: Page, visitor: Visitor, county: County, path: Path, say: Callable[[str, str], str], name: str
) -> None:
    """Drop a file, look at it, have it read, and see that it was."""
    page.goto(visitor.address + county.at("platforms/"))
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name=say("先看一看", "Look at it")).click()
    expect(page.locator("h1")).to_have_text(path.name)
    well(page, visitor, f"file-{name}")
    page.get_by_role("button", name=say("读入", "Read it"), exact=True).click()
    expect(page.locator("progress")).to_be_visible()
    channels.read_intakes()
    expect(page.locator("#file .tag").first).to_have_text(say("已读完", "Read"))
    well(page, visitor, f"read-{name}")


def waybills(
    page: Page, visitor: Visitor, county: County, shop: UUID, say: Callable[[str, str], str], face: str
) -> None:
    """An order of Taobao leaves with a carrier's waybill; the sheet goes to the platform, which is noted."""
    order = UUID(
        str(
            scalar(
                "SELECT id FROM channels_arrival WHERE connection_id = %s AND standing = 'placed' LIMIT 1",
                [shop],
            )
        )
    )
    orders.pack(SYSTEM, order_id=order, parcel=order, weight_g=600)
    page.goto(visitor.address + county.at(f"orders/{order}/"))
    page.get_by_label(say("快递", "Carrier")).fill("中通快递")
    page.get_by_label(say("运单号", "Waybill")).fill("75800000001234")
    page.get_by_role("button", name=say("交给他们", "Hand it to them")).click()
    page.goto(visitor.address + county.at("platform-waybills/"))
    well(page, visitor, f"waybills-{face}")
    with page.expect_download() as download:
        page.get_by_role("button", name=SHOPS["taobao"]).click()
    sheet = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
    assert "中通快递,75800000001234" in sheet
    page.locator("input.tick").check()
    page.get_by_role(
        "button", name=say("勾选的已告知平台", "The platform was told of the ticked ones")
    ).click()
    expect(page.locator("input.tick")).to_have_count(0)


def fen(text: str) -> int:
    return round(float(text.replace(",", "").replace("\u2212", "-")) * 100)
