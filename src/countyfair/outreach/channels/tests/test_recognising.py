"""A file is known by its heads; where it is not, the sentence says what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.rules.recognising import KNOWN, recognised
from countyfair.outreach.channels.rules.tables.heads import head
from countyfair.outreach.channels.tests import test_pinduoduo, test_platforms

FILES = [
    (test_pinduoduo.ROW, "pinduoduo", "orders"),
    (test_pinduoduo.BILL, "pinduoduo", "charges"),
    (test_platforms.DOUYIN, "douyin", "orders"),
    (test_platforms.SETTLED, "douyin", "charges"),
    (test_platforms.KUAISHOU, "kuaishou", "orders"),
    (test_platforms.KS_SETTLED, "kuaishou", "charges"),
    (test_platforms.TAOBAO, "taobao", "orders"),
    (test_platforms.DETAIL, "taobao", "details"),
    (test_platforms.ALIPAY, "taobao", "charges"),
]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def heads(row: dict[str, str]) -> list[str]:
    return [head(name) for name in row]


@pytest.mark.parametrize(("row", "platform", "kind"), FILES)
def test_every_layout_is_known_in_any_order_of_columns(row: dict[str, str], platform: str, kind: str) -> None:
    for order in (heads(row), heads(row)[::-1]):
        found = recognised([*order, "一个没见过的列"])
        assert (found.platform, found.kind) == (platform, kind)


@pytest.mark.parametrize(("row", "platform", "kind"), FILES)
def test_a_renamed_column_is_named_as_missing(row: dict[str, str], platform: str, kind: str) -> None:
    known = PLATFORMS[platform]
    marks = {"orders": known.order_marks, "charges": known.charge_marks, "details": known.detail_marks}[kind]
    there = heads(row)
    mark = next(one for one in marks if one <= set(there))
    gone = sorted(mark)[0]
    with pytest.raises(Invalid) as told:
        recognised([("改过的" + name if name == gone else name) for name in there], only=platform)
    assert gone in str(told.value)


def test_the_file_of_another_platform_is_told_by_its_name() -> None:
    with pytest.raises(Invalid, match="from Douyin, not from Pinduoduo"):
        recognised(heads(test_platforms.DOUYIN), only="pinduoduo")


@pytest.mark.parametrize("there", [[], ["a", "b"], ["姓名", "工资"], ["订单号"]])
def test_an_unknown_file_is_not_guessed(there: list[str]) -> None:
    with pytest.raises(Invalid, match="not known"):
        recognised(there)


def test_no_two_platforms_share_a_mark() -> None:
    marks = [
        mark
        for platform in PLATFORMS.values()
        for mark in (*platform.order_marks, *platform.charge_marks, *platform.detail_marks)
    ]
    assert len(marks) == len(set(marks))
    assert all(mark <= KNOWN for mark in marks)
    assert all(head(name) == name for name in KNOWN)
