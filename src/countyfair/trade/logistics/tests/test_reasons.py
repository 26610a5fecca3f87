"""A reason is kept as a code with a note, and told in the language of whoever reads it."""

from __future__ import annotations

import pytest
from django.utils import translation

from countyfair.kernel.refusal import Invalid
from countyfair.trade.logistics.rules.reasons import AT_COUNTER, AT_DOOR, OTHER, REASONS, in_words, kept


def test_each_reason_is_asked_for_somewhere() -> None:
    assert {*AT_DOOR, *AT_COUNTER} == set(REASONS)


@pytest.mark.parametrize("reason", sorted(set(REASONS) - {OTHER}))
def test_a_reason_is_told_in_the_readers_language(reason: str) -> None:
    told = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told.append(in_words(kept(reason, "")))
            assert in_words(kept(reason, " 样例 note ")) == f"{told[-1]} · 样例 note"
    assert told[0] != told[1]


def test_another_reason_is_told_by_its_note_alone() -> None:
    assert in_words(kept(OTHER, "样例：路断了")) == "样例：路断了"


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("", "x", "reason"), ("x", "", "reason"), (OTHER, " ", "note")]
)
def test_what_says_nothing_is_refused(reason: str, note: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        kept(reason, note)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["", "没有人在 · 样例", "absent", "refused x", "#", "#x y", "# absent"])
def test_what_was_kept_as_text_is_shown_as_it_stands(text: str) -> None:
    assert in_words(text) == text
