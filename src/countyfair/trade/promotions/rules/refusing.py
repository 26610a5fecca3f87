"""What people are told when a promotion takes nothing off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.discounts import Terms, WhyNot


def refused(terms: Terms, why: WhyNot) -> Invalid:
    """The refusal, at the field `coupon`."""
    if why is WhyNot.NOT_OPEN:
        return Invalid(_("This coupon does not count now."), field="coupon", code="coupon_not_open")
    if why is WhyNot.USED_UP:
        return used_up(by_buyer=False)
    if why is WhyNot.OTHER_SHOP:
        return Invalid(
            _("This coupon is for another stall's goods."), field="coupon", code="coupon_other_shop"
        )
    least = f"{terms.least_fen // 100}.{terms.least_fen % 100:02d}"
    return Invalid(
        _("This coupon counts from goods for %(least)s yuan on.") % {"least": least},
        field="coupon",
        code="coupon_too_little",
        details={"least_fen": terms.least_fen},
    )


def used_up(*, by_buyer: bool) -> Invalid:
    """It was used as often as it may be: by everybody, or by this buyer."""
    said = (
        _("You have used this coupon as often as it may be.")
        if by_buyer
        else _("This coupon has been used up.")
    )
    return Invalid(said, field="coupon", code="coupon_used_up")
