"""What every promotion says of itself: what it is called, and who bears it."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.discounts import Bearer


class Named(Protocol):
    """Terms of any kind of promotion."""

    @property
    def name_zh(self) -> str: ...

    @property
    def name_en(self) -> str: ...

    @property
    def bearer(self) -> str: ...


def names(terms: Named) -> tuple[str, str]:
    """The names, zh and en, tidied.

    Raises:
        Invalid: without a name, too long a one, or borne by nobody who can; at its field.
    """
    name_zh, name_en = terms.name_zh.strip(), terms.name_en.strip()
    if not name_zh or len(name_zh) > 60:
        raise Invalid(_("Give it a name of at most 60 characters."), field="name_zh")
    if len(name_en) > 80:
        raise Invalid(_("The English name is too long: 80 characters at most."), field="name_en")
    if terms.bearer not in list(Bearer):
        raise Invalid(_("Say who bears what is taken off."), field="bearer")
    return name_zh, name_en
