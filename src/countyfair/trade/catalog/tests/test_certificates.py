"""Certificates: entered by the county, shown while they hold, gone the moment they do not."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.registers.people.tests.factories import SYSTEM, an_organisation
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.tests import factories
from countyfair.trade.catalog.tests.factories import a_certificate

pytestmark = pytest.mark.django_db


def shown(product: UUID) -> list[str]:
    return [one.number for one in queries.product_page(product=product).certificates]


def test_a_certificate_is_shown_from_its_first_day_to_its_last_and_not_a_moment_longer() -> None:
    product = factories.a_product()
    a_certificate(product, since=today() + timedelta(days=2), until=today() + timedelta(days=4))
    begins = clock.COUNTY_ZONE
    for days, there in ((0, []), (1, []), (2, ["样例-1"]), (4, ["样例-1"]), (5, [])):
        day = now().astimezone(begins) + timedelta(days=days)
        for moment in (day.replace(hour=0, minute=0, second=0), day.replace(hour=23, minute=59, second=59)):
            with clock.at(moment):
                assert shown(product) == there, moment


def test_a_certificate_that_is_taken_back_is_gone_at_once() -> None:
    product = factories.a_product()
    key = a_certificate(product)
    assert shown(product) == ["样例-1"]
    actions.withdraw_certificate(SYSTEM, certificate=key)
    actions.withdraw_certificate(SYSTEM, certificate=key)
    assert shown(product) == []


def test_the_page_of_goods_asks_no_more_for_it() -> None:
    product = factories.a_product()
    a_certificate(product)
    a_certificate(product, kind="origin", number="样例-2")
    with CaptureQueriesContext(connection) as asked:
        assert shown(product) == ["样例-1", "样例-2"]
    assert len(asked) == 1


def test_nobody_vouches_for_goods_of_their_own() -> None:
    organisation = an_organisation()
    product = factories.a_product(shop=factories.a_shop(organisation=organisation))
    keeper = Actor("keeper", None, (Grant("shop_keeper", frozenset({"catalog.manage"}), None, organisation),))
    with pytest.raises(Forbidden):
        actions.enter_certificate(
            keeper, certificate=uuid7(), product=product, kind="organic", number="1", issuer="样例",
            since=today(), until=today(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "best"}, "kind"),
        ({"number": " "}, "number"),
        ({"issuer": "x" * 81}, "issuer"),
        ({"until": date(2000, 1, 1)}, "until"),
        ({"until": date(2999, 1, 1)}, "until"),
        ({"data": b"no picture"}, "photo"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_certificate(factories.a_product(), **said)
    assert refused.value.field == field


def test_two_of_a_kind_never_hold_on_one_day_and_the_same_again_is_the_first(
    settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = io.BytesIO()
    Image.new("RGB", (900, 700), (180, 40, 40)).save(file, "PNG")
    product = factories.a_product()
    key = a_certificate(product, data=file.getvalue())
    assert a_certificate(product, certificate=key, data=file.getvalue()) == key
    with pytest.raises(Conflict):
        a_certificate(product, certificate=key, number="样例-9", data=file.getvalue())
    with pytest.raises(Invalid):
        a_certificate(product, number="样例-2", since=today() + timedelta(days=365))
    a_certificate(product, number="样例-2", since=today() + timedelta(days=366))
    (one,) = queries.product_page(product=product).certificates
    assert one.width == 900
    assert len(list(tmp_path.rglob(f"{one.digest}*"))) > 1
