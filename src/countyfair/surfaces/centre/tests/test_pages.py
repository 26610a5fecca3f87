"""Every page of the desk: who sees it, in both languages, in how many statements; who does not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from countyfair.kernel import clock
from countyfair.kernel.ids import uuid7
from countyfair.outreach.channels.tests.factories import a_connection
from countyfair.registers.people.tests.factories import (
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    a_household,
    a_role,
    a_user,
)
from countyfair.surfaces.centre.tests.conftest import County, body, paid_order
from countyfair.surfaces.centre.urls import desk
from countyfair.surfaces.ui.tests.clients import client_of, signed_in
from countyfair.trade.catalog.tests.factories import a_brand, a_licence, a_standard, an_offer
from countyfair.trade.orders.actions import cancel
from countyfair.trade.orders.tests.factories import place
from countyfair.trade.promotions.tests.factories import a_coupon
from countyfair.trade.settlement.tests.factories import a_batch, a_completed_order
from countyfair.trade.stock.tests.factories import a_lot

pytestmark = pytest.mark.django_db

#: Pages that only look, and who of the staff may not open them.
LOOKING: dict[str, tuple[Callable[[County], str], str]] = {
    "today": (lambda c: "", "courier_elsewhere"),
    "orders": (lambda c: "orders/", "courier"),
    "orders_sheet": (lambda c: "orders.csv", "courier"),
    "order": (lambda c: f"orders/{c.paid}/", "courier"),
    "products": (lambda c: "products/", "courier"),
    "product": (lambda c: f"products/{c.fair.stall.product}/", "courier"),
    "offers": (lambda c: "offers/", "courier"),
    "offer": (lambda c: f"offers/{c.fair.stall.offer}/", "courier"),
    "lots": (lambda c: "lots/", "centre_finance"),
    "lots_sheet": (lambda c: "lots.xlsx", "centre_finance"),
    "lot": (lambda c: f"lots/{c.fair.stall.lots[0]}/", "centre_finance"),
    "lot_trace": (lambda c: f"lots/{c.fair.stall.lots[0]}/trace/", "centre_finance"),
    "lot_events": (lambda c: f"lots/{c.fair.stall.lots[0]}/events/", "centre_finance"),
    "recalls": (lambda c: "recalls/", "centre_finance"),
    "payouts": (lambda c: "payouts/", "centre_staff"),
    "refunds": (lambda c: "refunds/", "courier"),
    "shares": (lambda c: "shares/", "courier"),
    "freight": (lambda c: "freight/", "centre_finance"),
    "households": (lambda c: "households/", "courier"),
    "household": (lambda c: f"households/{c.household}/", "courier"),
    "statement": (lambda c: f"households/{c.household}/statement/", "courier"),
    "statement_sheet": (lambda c: f"households/{c.household}/statement.csv", "courier"),
    "stations": (lambda c: "stations/", "courier"),
    "station": (lambda c: f"stations/{c.fair.station}/", "courier"),
    "till": (lambda c: f"stations/{c.fair.station}/till/", "courier"),
    "standards": (lambda c: "standards/", "courier"),
    "standard": (lambda c: f"standards/{a_standard(category='grain')}/", "courier"),
    "brands": (lambda c: "brands/", "courier"),
    "brand": (lambda c: f"brands/{a_brand()}/", "courier"),
    "shops": (lambda c: "shops/", "courier"),
    "shop": (lambda c: f"shops/{c.shop}/", "courier"),
    "organisations": (lambda c: "organisations/", "centre_finance"),
    "people": (lambda c: "people/", "centre_finance"),
    "news": (lambda c: "news/", "courier"),
    "webhooks": (lambda c: "webhooks/", "courier"),
    "trail": (lambda c: "trail/", "centre_staff"),
    "promotions": (lambda c: "promotions/", "courier"),
    "promotion": (lambda c: f"promotions/{a_coupon()}/", "courier"),
    "cycles": (lambda c: "ahead/", "centre_finance"),
    "season": (lambda c: "season/", "centre_finance"),
    "bills": (lambda c: "provider-bills/", "courier"),
    "channels": (lambda c: "platforms/", "courier"),
    "channel": (lambda c: f"platforms/{a_connection(c.fair)}/", "courier"),
    "channel_month": (lambda c: f"platforms/{a_connection(c.fair)}/month/", "courier"),
    "channel_goods": (lambda c: "platform-goods/", "courier"),
    "channel_short": (lambda c: "platform-orders/", "courier"),
    "channel_waybills": (lambda c: "platform-waybills/", "courier"),
    "channel_differences": (lambda c: "platform-differences/", "courier"),
}
#: Pages with a form, and the role that may open it.
ASKING: dict[str, tuple[Callable[[County], str], str]] = {
    "order_cancel": (lambda c: f"orders/{c.paid}/cancel/", "centre_staff"),
    "order_pack": (lambda c: f"orders/{c.paid}/pack/", "centre_staff"),
    "product_new": (lambda c: "products/new/", "centre_staff"),
    "product_change": (lambda c: f"products/{c.fair.stall.product}/change/", "centre_staff"),
    "pack_new": (lambda c: f"products/{c.fair.stall.product}/packs/new/", "centre_staff"),
    "offer_new": (
        lambda c: f"products/{c.fair.stall.product}/packs/{c.fair.stall.pack}/offer/",
        "centre_staff",
    ),
    "standard_new": (lambda c: f"standards/new/?product={c.fair.stall.product}", "centre_staff"),
    "standard_change": (lambda c: f"standards/{a_standard(category='grain')}/change/", "centre_staff"),
    "brand_new": (lambda c: "brands/new/", "centre_staff"),
    "brand_change": (lambda c: f"brands/{a_brand()}/change/", "centre_staff"),
    "licence_withdraw": (
        lambda c: f"licences/{a_licence(brand=a_brand(), shop=c.shop)}/withdraw/",
        "centre_staff",
    ),
    "certificate_new": (lambda c: f"products/{c.fair.stall.product}/certificates/new/", "centre_staff"),
    "photo_new": (lambda c: f"products/{c.fair.stall.product}/photos/new/", "centre_staff"),
    "lot_correct": (lambda c: f"lots/{c.fair.stall.lots[0]}/correct/", "centre_staff"),
    "lot_write_off": (lambda c: f"lots/{c.fair.stall.lots[0]}/write-off/", "centre_staff"),
    "lot_note": (lambda c: f"lots/{c.fair.stall.lots[0]}/note/", "centre_staff"),
    "lot_recall": (lambda c: f"lots/{c.fair.stall.lots[0]}/recall/", "centre_staff"),
    "household_new": (lambda c: "households/new/", "centre_staff"),
    "station_new": (lambda c: "stations/new/", "centre_staff"),
    "station_close": (lambda c: f"stations/{c.fair.station}/close/", "centre_staff"),
    "shop_new": (lambda c: "shops/new/", "centre_staff"),
    "shop_change": (lambda c: f"shops/{c.shop}/change/", "centre_staff"),
    "shop_close": (lambda c: f"shops/{c.shop}/close/", "centre_staff"),
    "organisation_new": (lambda c: "organisations/new/", "centre_staff"),
    "organisation_change": (lambda c: f"organisations/{c.organisation}/change/", "centre_staff"),
    "organisation_close": (lambda c: f"organisations/{c.organisation}/close/", "centre_staff"),
    "wordings": (lambda c: "news/wordings/", "county_admin"),
    "wording": (lambda c: "news/wordings/order.paid/en/", "county_admin"),
    "webhook_new": (lambda c: "webhooks/new/", "centre_staff"),
    "role_grant": (lambda c: "people/grant/", "county_admin"),
    "promotion_new": (lambda c: "promotions/new/", "centre_staff"),
    "bundle_new": (lambda c: f"promotions/bundle/?shop={c.shop}", "centre_staff"),
    "group_new": (lambda c: f"offers/{c.fair.stall.offer}/group/", "centre_staff"),
    "cycle_new": (lambda c: f"ahead/new/{c.fair.stall.product}/", "centre_staff"),
    "bearers": (lambda c: "claims/bearers/", "county_admin"),
    "channel_new": (lambda c: "platforms/new/", "centre_staff"),
}
#: Those that are tested with what they do: test_deeds_*.py, test_standards.py, test_brands.py,
#: test_recalls.py, test_claims.py, test_papers.py, test_promotions.py, test_certificates.py,
#: test_tasks.py, test_channels.py, tests/journeys/test_sold_ahead.py.
DOING = {
    "promotion_end", "cycle", "cycle_close", "cycle_allot",
    "claims", "claim", "claim_photo",
    "order_slip",
    "order_again", "order_returned", "order_receiver", "order_code", "order_refund", "order_hand_over",
    "order_deliver", "orders_labels",
    "orders_packing_list", "order_receipt", "product_withdraw", "photo_withdraw", "offer_change", "sales",
    "offers_sheet", "offers_bring", "offers_brought", "filters", "filter_drop",
    "offers_edit", "offers_changed", "offers_undo",
    "offer_cap", "offer_grades", "offer_take_down", "standard_end", "standard_picture",
    "standard_picture_withdraw", "payout_prepare", "batch", "batch_send", "batch_withdraw", "batch_file",
    "batch_results", "refund_retry", "household_consent", "household_withdraw", "household_identity",
    "statement_pdf", "station_appoint", "station_dismiss", "role_end", "lot_paper", "recall", "recall_lift",
    "recall_again", "voice_withdraw", "certificate_withdraw",
    "offer_brand", "brand_end", "licence_new",
    "webhook", "webhook_tries",
    "tasks", "task", "task_new", "task_stop", "task_file",
    "channel_drop", "channel_file", "channel_order", "channel_waybill_sheet",
}  # fmt: skip
#: Pages of one thing, whose address says which.
OF_ONE = (
    "order", "product", "offer", "lot", "household", "statement", "station", "till", "order_cancel",
    "promotion", "group_new", "cycle_new",
    "product_change", "lot_correct", "lot_trace", "lot_recall", "lot_note",
    "station_close", "shop", "shop_change", "shop_close",
    "organisation_change", "organisation_close", "channel", "channel_month",
)  # fmt: skip


def test_no_page_is_forgotten_here() -> None:
    assert {pattern.name for pattern in desk} == {*LOOKING, *ASKING, *DOING}


@pytest.mark.parametrize("name", LOOKING)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_auditor_sees_every_page_that_only_looks(county: County, name: str, language: str) -> None:
    auditor = signed_in("auditor")
    auditor.cookies["lang"] = language
    answer = auditor.get(county.at(LOOKING[name][0](county)))
    assert answer.status_code == 200, name
    assert body(answer)


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_forms_open_to_whoever_may_send_them(county: County, name: str, language: str) -> None:
    tail, role = ASKING[name]
    browser = signed_in(role)
    browser.cookies["lang"] = language
    assert browser.get(county.at(tail(county))).status_code == 200


@pytest.mark.parametrize("name", ASKING)
def test_an_auditor_changes_nothing_and_is_not_even_asked(county: County, name: str) -> None:
    address = county.at(ASKING[name][0](county))
    auditor = signed_in("auditor")
    assert auditor.get(address).status_code == 403
    assert auditor.post(address, {"once": str(uuid7()), "reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", [name for name in LOOKING if name != "today"])
def test_a_role_without_the_power_is_refused(county: County, name: str) -> None:
    tail, role = LOOKING[name]
    assert signed_in(role).get(county.at(tail(county))).status_code == 403


@pytest.mark.parametrize("name", [*LOOKING, *ASKING])
def test_staff_of_another_county_is_refused(county: County, name: str) -> None:
    tail = {**LOOKING, **ASKING}[name][0](county)
    assert signed_in("county_admin", place=OTHER_COUNTY).get(county.at(tail)).status_code == 403


@pytest.mark.parametrize("name", OF_ONE)
def test_a_thing_of_another_county_is_not_there(county: County, name: str) -> None:
    tail = {**LOOKING, **ASKING}[name][0](county)
    elsewhere = f"/centre/{OTHER_COUNTY}/{tail}"
    for browser in (signed_in("county_admin", place=OTHER_COUNTY), signed_in("county_admin", place="")):
        assert browser.get(elsewhere).status_code == 404


@pytest.mark.parametrize("name", [*LOOKING, *ASKING])
def test_who_is_not_signed_in_is_led_to_sign_in(county: County, name: str) -> None:
    address = county.at({**LOOKING, **ASKING}[name][0](county))
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in/")


def test_without_a_second_factor_no_page_opens(county: County) -> None:
    user = a_user()
    a_role(user, "county_admin")
    answer = client_of(user, second_factor=False).get(county.at())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/second-factor/")


def test_a_buyer_and_an_agent_of_a_village_find_the_desk_closed(county: County) -> None:
    assert signed_in().get(county.at()).status_code == 403
    assert signed_in("station_agent", place="450225100200").get(county.at("orders/")).status_code == 403


@pytest.mark.parametrize("name", LOOKING)
def test_a_page_takes_six_statements_whatever_the_number_of_rows(county: County, name: str) -> None:
    for _again in range(3):
        place(county.fair)
        a_lot(product=county.fair.stall.product)
    address = county.at(LOOKING[name][0](county))
    browser = signed_in("auditor")
    body(browser.get(address))
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert body(answer)
    assert len(asked) <= 6, [query["sql"][:120] for query in asked]


def test_a_batch_takes_six_statements(county: County) -> None:
    a_completed_order(county.fair)
    batch = a_batch()
    browser = signed_in("auditor")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(county.at(f"payouts/{batch}/")).status_code == 200
    assert len(asked) <= 6


def test_the_way_in_leads_to_the_county_where_one_works(county: County) -> None:
    answer = signed_in("centre_staff").get("/centre/")
    assert (answer.status_code, answer["Location"]) == (302, county.at())
    listed = signed_in("auditor", place="45").get("/centre/")
    assert county.at() in listed.content.decode() or listed["Location"] == county.at()


def test_filters_and_pages_stand_in_the_address(county: County, staff: Client) -> None:
    first = staff.get(county.at("orders/?state=paid")).content.decode()
    assert f"orders/{county.paid}/" in first
    assert f"orders/{county.unpaid}/" not in first
    assert "orders.csv?state=paid" in first
    nothing = staff.get(county.at("orders/?since=2099-01-01")).content.decode()
    assert f"orders/{county.paid}/" not in nothing


def test_a_broken_filter_is_no_fault(county: County, admin: Client) -> None:
    for tail in (
        "orders/?after=x~y&since=nonsense&q=%00'",
        "lots/?product=x&after=2026-01-01~",
        "offers/?after=~~",
        "orders/?after=2026-13-45T99~00000000-0000-0000-0000-000000000000",
        "people/?after=450225~courier~x&role=%00",
    ):
        assert admin.get(county.at(tail)).status_code == 200


def some_lots(county: County) -> int:
    for _again in range(3):
        a_lot(product=county.fair.stall.product)
    return 5


def some_batches(county: County) -> int:
    for _again in range(3):
        a_completed_order(county.fair)
        a_batch()
    return 3


def some_refunds(county: County) -> int:
    for order in [county.paid, *(paid_order(county.fair) for _again in range(2))]:
        cancel(SYSTEM, order_id=order, reason="sample")
    return 3


def some_roles(county: County) -> int:
    for _again in range(3):
        a_role(a_user(), "courier")
    return 3


def some_offers(county: County) -> int:
    """Three that are up, and three of a sheet that never were."""
    with connection.cursor() as cursor:
        for at in (None, clock.now()):
            for _again in range(3):
                cursor.execute(
                    "UPDATE catalog_offer SET put_up_at = %s, state = %s WHERE id = %s",
                    [at, "on" if at else "draft", an_offer()],
                )
        cursor.execute("SELECT count(*) FROM catalog_offer WHERE county = %s", [county.code])
        return int(cursor.fetchone()[0])


#: A list, what makes its rows, and what stands before the key of each.
LISTS: dict[str, tuple[Callable[[County], int], str]] = {
    "lots/": (some_lots, "/lots/"),
    "payouts/": (some_batches, "/payouts/"),
    "refunds/": (some_refunds, "/orders/"),
    "people/?role=courier": (some_roles, "/people/"),
    "offers/?state=": (some_offers, "/offers/"),
}


@pytest.mark.parametrize("tail", LISTS)
def test_pages_follow_one_another_without_gap_or_overlap(
    county: County, admin: Client, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    make, before_key = LISTS[tail]
    count = make(county)
    view = tail.partition("/")[0]
    monkeypatch.setattr(f"countyfair.surfaces.centre.views.{view}.ROWS", 1)
    monkeypatch.setattr("countyfair.surfaces.centre.pages.leaf.__kwdefaults__", {"rows": 1, "path": ""})
    seen: list[str] = []
    address = county.at(tail)
    while address:
        page = admin.get(address).content.decode()
        seen += [key for part in page.split(before_key)[1:] if len(key := part.split("/")[0]) == 36]
        _before, _mark, after = page.partition('rel="next" href="')
        address = after.partition('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == count


def test_a_refused_form_leads_on_in_its_list(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    some_batches(county)
    monkeypatch.setattr("countyfair.surfaces.centre.views.payouts.ROWS", 1)
    monkeypatch.setattr("countyfair.surfaces.centre.pages.leaf.__kwdefaults__", {"rows": 1, "path": ""})
    finance = signed_in("centre_finance")
    refused = finance.post(county.at("payouts/prepare/"), {"once": str(uuid7()), "until": "no day"})
    assert refused.status_code == 422
    further = refused.content.decode().partition('rel="next" href="')[2].partition('"')[0]
    assert further.startswith(county.at("payouts/?after="))
    assert finance.get(further).status_code == 200


def test_a_station_agent_of_the_county_sees_only_what_the_role_allows(county: County) -> None:
    agent = signed_in("station_agent")
    page = agent.get(county.at()).content.decode()
    assert county.at("payouts/") not in page
    assert agent.get(county.at("payouts/")).status_code == 403


def test_a_household_of_another_county_has_no_statement_here(county: County) -> None:
    other = a_household(place=OTHER_VILLAGE)
    nation = signed_in("auditor", place="")
    assert nation.get(county.at(f"households/{other}/statement/")).status_code == 404
    assert nation.get(county.at(f"households/{uuid7()}/statement/")).status_code == 404


def test_every_address_names_its_county() -> None:
    patterns = get_resolver("countyfair.surfaces.centre.urls").url_patterns
    named = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    assert [pattern.name for pattern in named] == ["counties"]


def test_a_key_that_is_none_is_not_there(staff: Client, county: County) -> None:
    missing: UUID = uuid7()
    for tail in (f"orders/{missing}/", f"lots/{missing}/", f"offers/{missing}/", f"products/{missing}/"):
        assert staff.get(county.at(tail)).status_code == 404
