"""An order as Taobao's API tells it, in our words: its sub-orders gathered as those of a file are.

`payment` of the order is what its buyer paid, freight (`post_fee`) and all; `divide_order_fee` a sub-order's
part of it without freight. What the platform bears of a discount these members do not tell: the statement
does. TRADE_CLOSED was paid and given back, TRADE_CLOSED_BY_TAOBAO never paid; PAID_FORBID_CONSIGN waits for
its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from countyfair.outreach.channels.platforms.answers import cells_of
from countyfair.outreach.channels.platforms.cells import (
    BadCell,
    code_of,
    identity,
    moment,
    money,
    pieces,
    text_of,
)
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.rows import merged
from countyfair.outreach.channels.platforms.shape import Cells, State, TheirLine, TheirOrder

_STATES: dict[str, State] = {
    "TRADE_NO_CREATE_PAY": "unpaid", "WAIT_BUYER_PAY": "unpaid", "PAY_PENDING": "unpaid",
    "WAIT_PRE_AUTH_CONFIRM": "unpaid", "PAID_FORBID_CONSIGN": "unpaid", "WAIT_SELLER_SEND_GOODS": "paid",
    "SELLER_CONSIGNED_PART": "paid", "WAIT_BUYER_CONFIRM_GOODS": "shipped", "TRADE_BUYER_SIGNED": "received",
    "TRADE_FINISHED": "received", "TRADE_CLOSED": "closed", "TRADE_CLOSED_BY_TAOBAO": "closed",
}  # fmt: skip
_NONE_OPEN = frozenset({"", "NO_REFUND", "CLOSED"})


def order_of(told: Any, row: int) -> TheirOrder:
    """One order of a page.

    Raises:
        BadCell: it cannot be used; names the member.
    """
    cells = cells_of(told, row)
    number, state = identity(cells, "tid"), _state(cells)
    holder = told.get("orders")
    subs = holder.get("order") if isinstance(holder, Mapping) else None
    if not isinstance(subs, list) or not subs:
        raise BadCell("orders", _("The platform told something that is no order."))
    parts = [_part(cells_of(sub, row), number, state) for sub in subs]
    whole = merged(parts)
    paid = money(cells, "payment")
    parcel = cells_of(subs[0], row)
    gone = cells.get("status") == "TRADE_CLOSED"
    return replace(
        whole,
        state=state,
        paid_fen=paid,
        freight_fen=money(cells, "post_fee"),
        refunded_fen=paid if gone else 0 if state == "closed" else whole.refunded_fen,
        aftersale=whole.aftersale and state != "closed",
        ordered_at=moment(cells, "created"),
        paid_at=moment(cells, "pay_time") if state != "unpaid" else None,
        shipped_at=moment(cells, "consign_time"),
        received_at=moment(cells, "end_time") if state == "received" else None,
        waybill=code_of(parcel, "invoice_no"),
        carrier=text_of(parcel, "logistics_company"),
        receiver=receiver(
            name=cells.get("receiver_name"),
            phone=cells.get("receiver_mobile"),
            province=cells.get("receiver_state"),
            city=cells.get("receiver_city"),
            county=cells.get("receiver_district"),
            town=cells.get("receiver_town"),
            address=cells.get("receiver_address"),
        ),
        changed_at=moment(cells, "modified"),
    )


def _part(cells: Cells, number: str, order: State) -> TheirOrder:
    state = _state(cells)
    amount = money(cells, "divide_order_fee", "payment")
    refund = cells.get("refund_status")
    off = state == "closed" and order != "closed"
    line = TheirLine(
        identity(cells, "oid"),
        code_of(cells, "num_iid"),
        code_of(cells, "sku_id"),
        code_of(cells, "outer_sku_id", "outer_iid"),
        text_of(cells, "title"),
        text_of(cells, "sku_properties_name"),
        pieces(cells, "num"),
        amount,
    )
    return TheirOrder(
        number, state if off else order, (line,), amount,
        aftersale=refund not in _NONE_OPEN and not off, row=cells.row,
    )  # fmt: skip


def _state(cells: Cells) -> State:
    word = cells.get("status")
    if word not in _STATES:
        raise BadCell("status", _("The state “%(word)s” is not known.") % {"word": word[:40]})
    return _STATES[word]
