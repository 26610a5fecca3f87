"""Outside platforms at the desk: files dropped and read, goods said, shortfalls, waybills, money."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.platforms.shape import TheirCharge, TheirOrder
from countyfair.outreach.channels.tests.factories import their_order
from countyfair.outreach.channels.tests.making import write_orders
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.channel_words import (
    COUNTS,
    DIFFERENCES,
    INTAKES,
    KINDS,
    LISTINGS,
    REASONS,
    WHY_NOT,
)
from countyfair.surfaces.centre.tests.conftest import County, body
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders.tests.outside import offered_at
from countyfair.trade.stock.queries import availability

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(staff: Client) -> Client:
    staff.cookies["lang"] = "en"
    return staff


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return body(answer).decode()


def sent(client: Client, address: str, **fields: object) -> str:
    """Send a form; where it leads."""
    answer = client.post(address, {"once": str(uuid7()), **fields})
    assert answer.status_code == 302, body(answer).decode()[:2000]
    return str(answer["Location"])


def connected(county: County, staff: Client, platform: str = "pinduoduo", **fields: object) -> UUID:
    where = sent(
        staff, county.at("platforms/new/"), platform=platform, name="样例·山货店", shop=county.shop,
        **fields,
    )  # fmt: skip
    return UUID(where.rstrip("/").rpartition("/")[2])


def dropped(county: County, staff: Client, data: bytes, name: str = "orders.csv") -> str:
    return sent(staff, county.at("platforms/files/"), file=SimpleUploadedFile(name, data))


def a_file(tmp_path: Path, *orders: TheirOrder, platform: str = "pinduoduo") -> bytes:
    path = tmp_path / "orders.csv"
    write_orders(path, platform, orders)
    return path.read_bytes()


def of_two(number: str = "261101-1") -> TheirOrder:
    return their_order(number)


def told(shop: UUID, *orders: TheirOrder) -> None:
    channels.bring(SYSTEM, connection=shop, told=orders)


def standing(number: str) -> object:
    return scalar("SELECT standing FROM channels_arrival WHERE number = %s", [number])


def a_known_shop(county: County, reader: Client, buffer: int = 0) -> tuple[UUID, UUID]:
    """A shop there whose goods are known: the connection and the offer."""
    shop, offer = connected(county, reader, buffer=buffer), offered_at(county.fair, "pinduoduo")
    told(shop, their_order("T0", state="unpaid"))
    listing = scalar("SELECT id FROM channels_listing WHERE connection_id = %s", [shop])
    sent(reader, county.at("platform-goods/"), listing=listing, offer=offer, packs="1")
    return shop, offer


def test_a_file_is_looked_through_read_and_its_goods_are_said_once(
    county: County, reader: Client, tmp_path: Path
) -> None:
    connected(county, reader)
    offer = offered_at(county.fair, "pinduoduo")
    data = a_file(tmp_path, of_two("261101-1"), of_two("261101-2"))
    address = dropped(county, reader, data)
    assert dropped(county, reader, data) == address
    seen = page(reader, address)
    assert "All 2 were looked at. Nothing is taken in yet." in seen
    assert scalar("SELECT count(*) FROM channels_arrival") == 0

    for _pressed_twice in range(2):
        sent(reader, address, do="start")
    assert "<progress" in page(reader, address)
    channels.read_intakes()
    assert "Wait until their goods are known" in page(reader, address)

    goods = page(reader, county.at("platform-goods/"))
    assert "2 orders wait" in goods
    listing = re.search(r'name="listing" value="([^"]+)"', goods)
    assert listing
    where = sent(reader, county.at("platform-goods/"), listing=listing[1], offer=offer, packs="1")
    assert "Of 2 orders that waited, 2 are taken in" in page(reader, where)
    assert standing("261101-1") == standing("261101-2") == "placed"
    assert "样例黑米" in page(reader, county.at("platform-goods/?standing=mapped"))


def test_goods_that_are_not_the_countys_leave_their_orders_aside(county: County, reader: Client) -> None:
    shop = connected(county, reader)
    told(shop, of_two())
    listing = scalar("SELECT id FROM channels_listing WHERE connection_id = %s", [shop])
    sent(reader, county.at("platform-goods/"), listing=listing, do="ignore")
    assert standing("261101-1") == "ignored"


def test_a_form_without_an_offer_is_told_so_and_keeps_what_was_typed(county: County, reader: Client) -> None:
    shop = connected(county, reader)
    offered_at(county.fair, "pinduoduo")
    told(shop, of_two())
    listing = str(scalar("SELECT id FROM channels_listing WHERE connection_id = %s", [shop]))
    answer = reader.post(county.at("platform-goods/"), {"listing": listing, "packs": "7"})
    assert answer.status_code == 422
    shown = body(answer).decode()
    assert "Choose what these goods are." in shown
    assert 'value="7"' in shown


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.csv", b"a,b\n1,2\n", "platform"),
        ("x.xlsx", b"PK\x03\x04 no workbook", ""),
        ("x.csv", b"", ""),
    ],
)
def test_what_is_no_file_of_a_platform_is_told_on_the_same_page(
    county: County, reader: Client, name: str, data: bytes, sentence: str
) -> None:
    connected(county, reader)
    answer = reader.post(
        county.at("platforms/files/"), {"once": str(uuid7()), "file": SimpleUploadedFile(name, data)}
    )
    assert answer.status_code == 422
    assert sentence in body(answer).decode()
    assert scalar("SELECT count(*) FROM channels_intake") == 0


def test_a_short_order_is_sent_in_part_from_another_offer_or_called_off(
    county: County, reader: Client
) -> None:
    shop, offer = a_known_shop(county, reader)
    there = availability([offer])[offer]
    told(shop, *(replace(their_order(f"S{at}", pieces=there + 1), paid_fen=6000) for at in range(3)))
    waiting = page(reader, county.at("platform-orders/"))
    assert all(f"S{at}" in waiting for at in range(3))
    keys = {at: scalar("SELECT id FROM channels_arrival WHERE number = %s", [f"S{at}"]) for at in range(3)}

    one = county.at(f"platform-orders/{keys[0]}/")
    assert "too little" in page(reader, one)
    other = reader.post(one, {"do": "another", "line": "1", "offer": "", "packs": "1"})
    assert other.status_code == 422
    sent(reader, one, do="part", pieces_0="1")
    assert standing("S0") == "placed"
    assert scalar("SELECT cut_fen > 0 FROM channels_arrival WHERE number = 'S0'") is True

    sent(reader, county.at(f"platform-orders/{keys[1]}/"), do="call_off", reason="out_of_stock")
    assert standing("S1") == "called_off"
    assert "does not wait any more" in page(reader, county.at(f"platform-orders/{keys[1]}/"))
    assert reader.post(county.at(f"platform-orders/{keys[0]}/"), {"do": "part"}).status_code == 409


def test_waybills_go_out_in_a_sheet_and_are_noted_once(county: County, reader: Client) -> None:
    shop, _offer = a_known_shop(county, reader)
    told(shop, replace(their_order("W1"), ship_before=now() + timedelta(hours=3, minutes=30, seconds=30)))
    order = scalar("SELECT id FROM channels_arrival WHERE number = 'W1'")
    shown = page(reader, county.at("platform-waybills/"))
    assert "3 hours 30 minutes left" in shown
    sent(reader, county.at(f"orders/{order}/pack/"), weight="1.1")
    sent(reader, county.at(f"orders/{order}/hand-over/"), carrier="中通", waybill="7580000001")
    sheet = reader.post(county.at(f"platforms/{shop}/waybills.csv"))
    assert "W1,中通,7580000001" in body(sheet).decode("utf-8-sig")
    for count in (1, 0):
        where = sent(reader, county.at("platform-waybills/"), told=f"{shop}:{order}")
        assert f"{count} parcel" in page(reader, where)


def test_stock_is_told_less_what_is_kept_back(county: County, reader: Client) -> None:
    shop, offer = a_known_shop(county, reader, buffer=3)
    address = county.at(f"platforms/{shop}/")
    ticked = re.findall(r'name="told" value="([^"]+)"[^>]*checked', page(reader, address))
    assert len(ticked) == 1
    there = availability([offer])[offer]
    assert ticked[0].endswith(f":{there - 3}")
    sent(reader, address, do="told", told=ticked)
    assert "checked" not in page(reader, address).partition("<tbody>")[2]


def settled(shop: UUID, number: str, fen: int, kind: str = "sale") -> None:
    channels.charge(
        SYSTEM,
        connection=shop,
        told=[TheirCharge(f"{number}-{kind}", number, "", kind, fen, now(), kind)],  # type: ignore[arg-type]
    )


def test_the_month_readds_and_a_difference_is_accepted_as_paid(county: County, reader: Client) -> None:
    shop, _offer = a_known_shop(county, reader)
    for number in ("M1", "M2", "M3"):
        told(shop, replace(their_order(number), state="received", waybill=f"75{number}", carrier="中通"))
    settled(shop, "M1", 6000)
    settled(shop, "M1", -600, "commission")
    settled(shop, "M2", 5500)
    channels.book_settled()
    told(shop, replace(their_order("M3"), state="received", refunded_fen=1000))

    gap = page(reader, county.at("platform-differences/"))
    assert gap.count("data-gap=") == 1
    assert 'data-gap="-500"' in gap
    key = scalar("SELECT id FROM channels_difference")
    bare = reader.post(county.at("platform-differences/"), {"difference": str(key), "do": "accept"})
    assert bare.status_code == 422
    sent(reader, county.at("platform-differences/"), difference=key, do="accept", note="平台活动")
    assert "data-gap" not in page(reader, county.at("platform-differences/"))
    assert "平台活动" in page(reader, county.at("platform-differences/?ended=1"))

    shown = page(reader, county.at(f"platforms/{shop}/month/"))
    assert "It re-adds" in shown
    sums = {
        name: round(float(text.replace(",", "").replace("−", "-").replace("\u2212", "-")) * 100)
        for name, text in re.findall(r'data-sum="(\w+)">([^<]+)<', shown)
    }
    assert sums["sold"] == 18000
    assert sums["back"] == -1000
    assert sums["stays"] == 17000 == sums["bank"] + sums["kept"] + sums["open"]
    assert sums["bank"] == 10900
    assert sums["kept"] == sums["fees"] == 1100
    assert sums["open"] == 5000
    parts = ("household", "station", "centre", "own", "courier", "fees")
    assert sum(sums[part] for part in parts) == sums["shared"] == 17000
    households = [int(fen) for fen in re.findall(r'data-household="(-?\d+)"', shown)]
    assert households
    assert sum(households) == sums["household"]


def test_fees_of_an_order_that_was_called_off_leave_the_month_whole(county: County, reader: Client) -> None:
    shop, _offer = a_known_shop(county, reader)
    told(shop, their_order("C1"))
    told(shop, their_order("C1", state="closed"))
    settled(shop, "C1", -30, "service_fee")
    channels.book_settled()
    assert "It re-adds" in page(reader, county.at(f"platforms/{shop}/month/"))


def test_a_shop_is_changed_and_ends_once(county: County, reader: Client) -> None:
    shop = connected(county, reader)
    address = county.at(f"platforms/{shop}/")
    sent(reader, address, do="change", name="另一个名字", their_shop="88", buffer="5")
    assert scalar("SELECT buffer FROM channels_connection WHERE id = %s", [shop]) == 5
    wrong = reader.post(address, {"do": "change", "name": "", "buffer": "5"})
    assert wrong.status_code == 422
    for words in ("Nothing comes from this shop", "It had ended before"):
        assert words in page(reader, sent(reader, address, do="end"))


@pytest.mark.parametrize("tail", ["platforms/", "platform-goods/", "platform-orders/"])
def test_an_auditor_reads_and_changes_nothing(county: County, reader: Client, tail: str) -> None:
    shop, _offer = a_known_shop(county, reader)
    auditor = signed_in("auditor")
    assert auditor.get(county.at(tail)).status_code == 200
    for address in (f"platforms/{shop}/", "platform-goods/", "platform-waybills/", "platform-differences/"):
        assert auditor.post(county.at(address), {"do": "end"}).status_code == 403


def test_every_word_is_said_in_chinese() -> None:
    with translation.override("zh-hans"):
        said = [
            str(word)
            for words in (COUNTS, KINDS, LISTINGS, WHY_NOT, DIFFERENCES, REASONS)
            for word in words.values()
        ] + [str(state.word) for state in INTAKES.values()]
    assert [word for word in said if word.isascii()] == []


def test_a_row_that_is_wrong_is_told_where_the_file_is_looked_through(
    county: County, reader: Client, tmp_path: Path
) -> None:
    connected(county, reader)
    lines = a_file(tmp_path, their_order("T1"), their_order("T2")).decode("utf-8-sig").splitlines()
    lines[2] = lines[2].replace("60.00", "sixty")
    seen = page(reader, dropped(county, reader, "\n".join(lines).encode("utf-8-sig")))
    assert "1 row cannot be used" in seen
    assert "“sixty” is not an amount." in seen
