"""Certificates of goods: which kinds there are, and what one of them can say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence

#: What goods are certified as in China, the widest known first.
KINDS: dict[str, Sentence] = {
    "organic": _("Organic"),
    "green": _("Green food"),
    "origin": _("Geographical indication"),
    "practice": _("Good agricultural practice"),
    "production": _("Food production licence (SC)"),
    "conformity": _("Certificate of conformity"),
}
#: No certificate holds longer; after that it is entered anew.
LONGEST_DAYS = 10 * 366


def check(kind: str, number: str, issuer: str) -> None:
    """Raise Invalid at the first particular that cannot be."""
    if kind not in KINDS:
        raise Invalid(_("Choose the kind of certificate."), field="kind")
    if not number or len(number) > 60:
        raise Invalid(_("Give the certificate's number, at most 60 characters."), field="number")
    if not issuer or len(issuer) > 80:
        raise Invalid(_("Say who issued it, in at most 80 characters."), field="issuer")


def check_days(since: date, until: date, others: Iterable[tuple[date, date]]) -> None:
    """Refuse days that no certificate can have beside the `others` (since, until) of its kind and product.

    Raises:
        Invalid: it ends before it begins, holds too long, or two would hold on one day.
    """
    if until < since:
        raise Invalid(_("A certificate ends on the day it begins at the earliest."), field="until")
    if (until - since).days >= LONGEST_DAYS:
        raise Invalid(_("A certificate holds for ten years at most."), field="until")
    if any(since <= last and until >= first for first, last in others):
        raise Invalid(
            _("The product holds a certificate of this kind on one of these days already."), field="since"
        )
