"""An order as Pinduoduo's API tells it, in our words.

`confirm_status` 0 waits for its group, 2 was called off; `order_status` 1, 2, 3 waits, left, came;
`refund_status` 2 and 3 are open, 4 went back, all of it, as the export's 退款成功 means. Under review
(`risk_control_status` 1) it is not to be sent yet. Amounts are yuan: `pay_amount` what the buyer paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from countyfair.outreach.channels.platforms.answers import cells_of
from countyfair.outreach.channels.platforms.cells import (
    BadCell,
    code_of,
    discount,
    identity,
    moment,
    money,
    pieces,
    text_of,
)
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.shape import Cells, Receiver, State, TheirLine, TheirOrder

_SENT: dict[str, State] = {"1": "paid", "2": "shipped", "3": "received"}


def order_of(told: Any, row: int, carriers: Mapping[str, str]) -> TheirOrder:
    """One order of a page; `carriers` are names by the platform's numbers.

    Raises:
        BadCell: it cannot be used; names the member.
    """
    cells = cells_of(told, row)
    number, state = identity(cells, "order_sn"), _state(cells)
    paid, freight = money(cells, "pay_amount"), money(cells, "postage")
    borne = discount(cells, "platform_discount")
    gone_back = cells.get("refund_status") == "4"
    paid_at = moment(cells, "pay_time", "confirm_time")
    return TheirOrder(
        number=number,
        state=state,
        lines=_lines(told, row, paid + borne - freight),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=borne,
        shop_fen=discount(cells, "seller_discount"),
        refunded_fen=paid if gone_back else 0,
        aftersale=cells.get("refund_status") in ("2", "3"),
        ordered_at=moment(cells, "created_time") or paid_at,
        paid_at=None if state == "unpaid" else paid_at,
        ship_before=moment(cells, "last_ship_time"),
        shipped_at=moment(cells, "shipping_time"),
        received_at=moment(cells, "receive_time"),
        waybill=code_of(cells, "tracking_number"),
        carrier=carriers.get(cells.get("logistics_id"), ""),
        receiver=_receiver(cells),
        row=row,
        changed_at=moment(cells, "updated_at"),
    )


def _state(cells: Cells) -> State:
    confirmed, sent = cells.get("confirm_status"), cells.get("order_status")
    if confirmed == "2" or cells.get("refund_status") == "4":
        return "closed"
    if confirmed == "0" or cells.get("risk_control_status") == "1":
        return "unpaid"
    if confirmed != "1" or sent not in _SENT:
        word = f"{confirmed}/{sent}"
        raise BadCell("order_status", _("The state “%(word)s” is not known.") % {"word": word[:40]})
    return _SENT[sent]


def _lines(told: Mapping[str, Any], row: int, amount_fen: int) -> tuple[TheirLine, ...]:
    items = told.get("item_list")
    if not isinstance(items, list) or not items:
        raise BadCell("item_list", _("The platform told something that is no order."))
    return tuple(
        _line(str(at), cells_of(item, row), amount_fen if len(items) == 1 else None)
        for at, item in enumerate(items, start=1)
    )


def _line(key: str, cells: Cells, amount_fen: int | None) -> TheirLine:
    return TheirLine(
        key,
        code_of(cells, "goods_id"),
        code_of(cells, "sku_id"),
        code_of(cells, "outer_id", "outer_goods_id"),
        text_of(cells, "goods_name"),
        text_of(cells, "goods_spec"),
        pieces(cells, "goods_count"),
        amount_fen,
    )


def _receiver(cells: Cells) -> Receiver | None:
    return receiver(
        name=cells.get("receiver_name"),
        phone=cells.get("receiver_phone"),
        province=cells.get("province"),
        city=cells.get("city"),
        county=cells.get("town"),
        address=cells.get("receiver_address", "address"),
    )
