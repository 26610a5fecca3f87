"""A form as somebody sent it, with what is wrong about it: told at the top of the page, and at each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from countyfair.kernel.refusal import Refusal, Sentence


@dataclass(frozen=True, slots=True)
class SentForm:
    """What every form of the fair keeps beside its values; `FIELDS` are those its page has a place for."""

    FIELDS: ClassVar[frozenset[str]] = frozenset()

    refusals: tuple[Refusal, ...] = field(default=(), kw_only=True)

    @property
    def errors(self) -> list[tuple[str, Sentence]]:
        """For the top of the page: (field or "", sentence)."""
        return [(r.field if r.field in self.FIELDS else "", r.sentence) for r in self.refusals]

    def error(self, field: str) -> Sentence:
        """The sentence at one field."""
        return next((r.sentence for r in self.refusals if r.field == field), "")
