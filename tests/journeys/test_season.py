"""The year in a browser: the fair's page and the desk's calendar, both widths, both languages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache

from countyfair.kernel.clock import today
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.catalog.actions.counting import count_shelves
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest
from tests.browser.visiting import DESK, FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_year() -> Fair:
    """Something ripe this month and the next, and a harvest sold ahead."""
    cache.clear()
    fair, this = a_fair(), today().month
    for name, category, month in (("样例蜜橘", "fruit", this), ("样例冬笋", "vegetable", this % 12 + 1)):
        said = catalog.facts(name_zh=name, name_en="Sample goods", category=category, season_months=(month,))
        catalog.an_offer(pack=catalog.a_pack(product=catalog.a_product(said=said)))
    ahead = catalog.a_product(said=catalog.facts(name_zh="样例沙田柚", name_en="Sample pomelo"))
    a_cycle([a_harvest(fair.households[0], ahead)], catalog.a_pack(product=ahead))
    count_shelves(SYSTEM, counties=[COUNTY])
    return fair


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_the_year_leads_from_a_month_to_its_goods(visitor: Visitor, lang: str, width: int) -> None:
    a_year()
    page = visitor.open(f"/season/?place={COUNTY}", lang=lang, width=width, scripts=width == DESK)
    visitor.shot(page, f"season-{lang}-{width}")
    assert overflow(page) == 0
    if width == DESK:
        assert flaws(page) == []
    month = page.locator(f"#month-{today().month}")
    name = "样例蜜橘" if lang == "zh-hans" else "Sample goods"
    assert name in month.inner_text()
    month.get_by_role("link", name=name).click()
    assert page.locator("h1").inner_text() == name


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_the_desk_sees_harvests_and_pre_orders_by_month(visitor: Visitor, lang: str, width: int) -> None:
    a_year()
    desk = visitor.person(lang=lang, width=width)
    staff = clients.signed_in("centre_staff")
    name = settings.SESSION_COOKIE_NAME
    desk.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": visitor.address}])
    page = visitor.open(f"/centre/{COUNTY}/season/", desk)
    visitor.shot(page, f"season-desk-{lang}-{width}")
    assert overflow(page) == 0
    assert flaws(page) == []
    assert ("预售截止" if lang == "zh-hans" else "Pre-order closes") in page.inner_text("main")
