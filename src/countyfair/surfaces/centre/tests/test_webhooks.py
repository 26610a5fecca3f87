"""The desk's pages of webhooks: the secret shown once, the log, once more."""

from __future__ import annotations

import re

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.outreach.webhooks.tests.factories import a_webhook
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.ui.tests.clients import signed_in

pytestmark = pytest.mark.django_db
DESK = f"/centre/{COUNTY}/webhooks/"


def test_the_secret_of_a_new_address_is_shown_once() -> None:
    staff = signed_in("centre_staff")
    form = {
        "once": str(uuid7()),
        "url": "https://erp.example/hooks",
        "kinds": ["orders.paid", "stock.taken_in"],
    }
    page = staff.post(DESK + "new/", form).content.decode()
    secret = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", page)
    assert len(secret) == 1
    again = staff.post(DESK + "new/", form)
    assert again.status_code == 409
    (key,) = re.findall(rf'href="{DESK}([0-9a-f-]{{36}})/"', staff.get(DESK).content.decode())
    for address in (DESK, DESK + "new/", f"{DESK}{key}/"):
        assert "whsec_" not in staff.get(address).content.decode()
    assert scalar("SELECT count(*) FROM webhooks_subscription") == 1


@pytest.mark.parametrize("url", ["https://10.0.0.8/", "https://localhost/hook", "http://erp.example/", "erp"])
def test_an_address_inside_a_network_is_refused_at_its_field_and_nothing_typed_is_lost(url: str) -> None:
    staff = signed_in("centre_staff")
    form = {"once": str(uuid7()), "url": url, "kinds": ["orders.paid"]}
    answer = staff.post(DESK + "new/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="e-url"' in page
    assert f'value="{url}"' in page
    assert re.search(r'value="orders\.paid"[^>]* checked', page)


def test_the_log_shows_every_try_and_sends_once_more() -> None:
    webhook, delivery = a_webhook()
    staff = signed_in("centre_staff")
    page = staff.get(f"{DESK}{webhook}/", headers={"accept-language": "en"}).content.decode()
    assert "nobody knows this name" in page
    tries = f"{DESK}tries/{delivery}/"
    assert "orders.paid" in staff.get(tries).content.decode()
    assert staff.post(tries).status_code == 302
    assert scalar("SELECT tries FROM webhooks_delivery") == 0
    assert staff.post(f"{DESK}{webhook}/", {"act": "end"}).status_code == 302
    refused = staff.post(tries, headers={"accept-language": "en"})
    assert refused.status_code == 409
    assert "hears nothing more" in refused.content.decode()


def test_a_new_secret_is_shown_once_and_the_page_says_until_when_the_old_one_signs() -> None:
    webhook, _delivery = a_webhook()
    staff, page = signed_in("centre_staff"), f"{DESK}{webhook}/"
    en = {"accept-language": "en"}
    shown = [staff.post(page, {"act": act}).content.decode() for act in ("rotate", "replace")]
    first, second = (re.findall(r"whsec_[A-Za-z0-9+/=]{44}", one) for one in shown)
    assert len(first) == len(second) == 1
    assert first != second
    assert "old secret signs" not in staff.get(page, headers=en).content.decode()
    staff.post(page, {"act": "rotate"})
    read = staff.get(page, headers=en).content.decode()
    assert "old secret signs" in read
    assert "whsec_" not in read
    assert staff.post(page, {"act": "rotate"}, headers=en).status_code == 409


def test_an_auditor_reads_the_log_and_finds_no_button() -> None:
    webhook, delivery = a_webhook()
    auditor = signed_in("auditor")
    for address in (DESK, f"{DESK}{webhook}/", f"{DESK}tries/{delivery}/"):
        page = auditor.get(address)
        assert page.status_code == 200
        assert 'method="post"' not in page.content.decode().split("<main")[1].split("</main")[0]
    assert auditor.post(f"{DESK}tries/{delivery}/").status_code == 403
    assert auditor.get(DESK + "new/").status_code == 403
