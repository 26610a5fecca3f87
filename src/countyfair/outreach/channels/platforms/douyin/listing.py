"""An order as Douyin's API tells it, in our words: its sub-orders gathered as those of a file are.

`order_status` 1 waits for money, 105 and 2 are paid, 101 left in part, 3 left, 5 came, 4 was called off;
`main_status` 103 is paid in part, and 21, 22, 39 are over because all was given back. A sub-order's
`refund_status` 3 is money that went back, 1 and 2 an open wish. Amounts are fen; where the sub-orders do not
add up to the order, the order's count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from countyfair.outreach.channels.platforms.answers import cells_of, fen_of, second_of
from countyfair.outreach.channels.platforms.cells import BadCell, code_of, identity, pieces, text_of
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.rows import merged
from countyfair.outreach.channels.platforms.shape import Cells, Receiver, State, TheirLine, TheirOrder

_STATES: dict[str, State] = {
    "1": "unpaid", "103": "unpaid", "105": "paid", "2": "paid", "101": "paid", "3": "shipped",
    "5": "received", "4": "closed", "21": "closed", "22": "closed", "39": "closed",
}  # fmt: skip


def order_of(told: Any, row: int) -> TheirOrder:
    """One order of a page.

    Raises:
        BadCell: it cannot be used; names the member.
    """
    cells = cells_of(told, row)
    subs = told.get("sku_order_list")
    if not isinstance(subs, list) or not subs:
        raise BadCell("sku_order_list", _("The platform told something that is no order."))
    over = _STATES.get(cells.get("main_status")) == "closed"
    whole = merged([_part(sub, cells, row, over=over) for sub in subs])
    parcel = _member(told, "logistics_info", row)
    order = replace(
        whole,
        paid_at=second_of(cells, "pay_time") if whole.state != "unpaid" else None,
        ordered_at=second_of(cells, "create_time"),
        ship_before=second_of(cells, "exp_ship_time"),
        shipped_at=second_of(cells, "ship_time"),
        received_at=second_of(cells, "finish_time") if whole.state == "received" else None,
        waybill=code_of(parcel, "tracking_no"),
        carrier=text_of(parcel, "company_name", "company"),
        reason=text_of(cells, "cancel_reason"),
        receiver=_receiver(told, cells, row),
        changed_at=second_of(cells, "update_time"),
    )
    return _as_the_order_says(order, cells)


def _part(sub: Any, order: Cells, row: int, *, over: bool) -> TheirOrder:
    cells = cells_of(sub, row)
    state: State = "closed" if over else _state(cells)
    paid, freight = fen_of(cells, "pay_amount"), fen_of(cells, "post_amount")
    platform, host = fen_of(cells, "only_platform_cost_amount"), fen_of(cells, "author_cost_amount")
    refund = _inner(sub, "after_sale_info", row).get("refund_status")
    refunded = state == "closed" and (over or refund == "3")
    return TheirOrder(
        number=identity(order, "order_id"),
        state=state,
        lines=(_line(sub, cells, paid + platform + host - freight),),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=platform,
        host_fen=host,
        shop_fen=fen_of(cells, "shop_cost_amount"),
        refunded_fen=paid if refunded else 0,
        aftersale=refund in ("1", "2", "3") and not refunded,
        host=text_of(cells, "author_name", "author_id"),
        row=row,
    )


def _state(cells: Cells) -> State:
    word = cells.get("order_status")
    if word not in _STATES:
        raise BadCell("order_status", _("The state “%(word)s” is not known.") % {"word": word[:40]})
    return _STATES[word]


def _line(sub: Mapping[str, Any], cells: Cells, amount_fen: int) -> TheirLine:
    specs = sub.get("spec")
    told = [cells_of(one) for one in specs] if isinstance(specs, list) else []
    spec = Cells(cells.row, {"spec": ";".join(filter(None, (one.get("value") for one in told)))})
    return TheirLine(
        identity(cells, "order_id"),
        code_of(cells, "product_id_str", "product_id"),
        code_of(cells, "sku_id"),
        code_of(cells, "code", "out_sku_id"),
        text_of(cells, "product_name"),
        text_of(spec, "spec"),
        pieces(cells, "item_num"),
        amount_fen,
    )


def _as_the_order_says(order: TheirOrder, cells: Cells) -> TheirOrder:
    """The order's own amounts, where those of its sub-orders do not add up to them."""
    paid, freight = fen_of(cells, "pay_amount"), fen_of(cells, "post_amount")
    if (order.paid_fen, order.freight_fen) == (paid, freight):
        return order
    return replace(
        order,
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=fen_of(cells, "only_platform_cost_amount"),
        host_fen=fen_of(cells, "author_cost_amount"),
        refunded_fen=paid if order.state == "closed" and order.refunded_fen else order.refunded_fen,
        lines=tuple(replace(line, amount_fen=None) for line in order.lines),
    )


def _receiver(told: Mapping[str, Any], cells: Cells, row: int) -> Receiver | None:
    """As far as it is shown, masked: what is encrypted is not read."""
    where = told.get("mask_post_addr") or told.get("post_addr")
    if not isinstance(where, Mapping):
        where = {}
    names = {part: _inner(where, part, row).get("name") for part in ("province", "city", "town", "street")}
    return receiver(
        name=cells.get("mask_post_receiver"),
        phone=cells.get("mask_post_tel"),
        province=names["province"],
        city=names["city"],
        county=names["town"],
        town=names["street"],
        address=cells_of(where, row).get("detail"),
    )


def _inner(told: Mapping[str, Any], name: str, row: int) -> Cells:
    found = told.get(name)
    return cells_of(found, row) if isinstance(found, Mapping) else Cells(row, {})


def _member(told: Mapping[str, Any], name: str, row: int) -> Cells:
    found = told.get(name)
    return cells_of(found[0], row) if isinstance(found, list) and found else Cells(row, {})
