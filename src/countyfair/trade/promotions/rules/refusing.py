"""What people are told when a promotion takes nothing off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.promotions.rules.discounts import Terms, WhyNot


def refused(terms: Terms, why: WhyNot) -> Invalid:
    """The refusal, of a coupon at the field `coupon`."""
    if why is WhyNot.USED_UP:
        return used_up(by_buyer=False, of_group=terms.kind == "group")
    if terms.kind == "group":
        if why is WhyNot.NOT_OPEN:
            return Invalid(_("Nobody can join this group any more."), code="group_closed")
        return Invalid(_("A group is joined with one pack of its goods."), code="group_goods")
    if why is WhyNot.NOT_OPEN:
        return Invalid(_("This coupon does not count now."), field="coupon", code="coupon_not_open")
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


def used_up(*, by_buyer: bool, of_group: bool) -> Invalid:
    """It was used as often as it may be: by everybody, or by this buyer."""
    if of_group and by_buyer:
        return Invalid(_("You have a place in this group already."), code="group_twice")
    if of_group:
        return Invalid(_("All places of this group are taken."), code="group_full")
    said = (
        _("You have used this coupon as often as it may be.")
        if by_buyer
        else _("This coupon has been used up.")
    )
    return Invalid(said, field="coupon", code="coupon_used_up")
