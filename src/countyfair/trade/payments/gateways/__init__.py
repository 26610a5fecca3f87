"""Gateways: a folder each, of one shape (`shape.Gateway`), found by their name in this table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.payments.gateways import alipay, counter, outside, sandbox, stripe, wechat
from countyfair.trade.payments.gateways.shape import Bills, Gateway

_ALL: tuple[Gateway, ...] = (
    counter.GATEWAY,
    sandbox.GATEWAY,
    wechat.GATEWAY,
    alipay.GATEWAY,
    stripe.GATEWAY,
    *outside.PLATFORMS,
)
GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in _ALL}
#: Those whose provider makes a bill of each day.
BILLING: dict[str, Bills] = {wechat.GATEWAY.name: wechat.GATEWAY, alipay.GATEWAY.name: alipay.GATEWAY}


def gateway_called(name: str) -> Gateway:
    """The gateway of this name.

    Raises:
        Invalid: there is none.
    """
    found = GATEWAYS.get(name)
    if found is None:
        raise Invalid(_("Choose one of the ways to pay that are offered."), field="gateway")
    return found


def offered() -> tuple[Gateway, ...]:
    """The ways to pay that this deployment offers."""
    return tuple(gateway for gateway in GATEWAYS.values() if gateway.offered)
