"""Lists as text that PostgreSQL reads again."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from countyfair.kernel.rows import array

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def back(values: list[object], kind: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array(values)])
        found: list[object] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db
class TestArrays(TestCase):
    @given(st.lists(st.none() | TEXTS))
    @example(["NULL", "null", "", " a ", '"', "\\", "{a,b}", "红茶,'x'", None, "\n"])
    def test_texts(self, values: list[object]) -> None:
        assert back(values, "text") == values

    @given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
    def test_numbers(self, values: list[object]) -> None:
        assert back(values, "bigint") == values

    @given(st.lists(st.none() | st.uuids()))
    def test_ids(self, values: list[UUID | None]) -> None:
        assert back(list(values), "uuid") == values
