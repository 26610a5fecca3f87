"""The kinds of news in one table: topic, ways, what may be said, and the words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind is said in one language: a title, a text for SMS, and a longer one for e-mail and pages.

    `{name}` stands for a value of the news.
    """

    title: str
    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of news. `values` are what its words may name; `secret` those that are asked for at sending
    only, and stand in no page: `long` cannot name them."""

    label: Sentence
    topic: str
    channels: tuple[str, ...]
    values: tuple[str, ...]
    zh: Words
    en: Words
    secret: tuple[str, ...] = ()


#: The ways: in the house itself (the bell), by SMS, by e-mail.
CHANNELS: dict[str, Sentence] = {"house": _("In the house"), "sms": _("By SMS"), "email": _("By e-mail")}
#: What a person chooses by.
TOPICS: dict[str, Sentence] = {
    "orders": _("My orders"),
    "money": _("What I am paid"),
    "work": _("My work"),
}

KINDS: Mapping[str, Kind] = {
    "order.paid": Kind(
        _("Order paid"), "orders", ("house", "email"), ("number", "total"),
        Words("订单已付款", "县集：订单{number}已付款{total}元。",
              "订单 {number} 已付款 {total} 元，正在备货。"),
        Words("Your order is paid", "CountyFair: order {number} is paid, ¥{total}.",
              "Order {number} is paid, ¥{total}. It is being prepared."),
    ),
    "order.allotted": Kind(
        _("Harvest of a pre-order is in"), "orders", ("house", "sms", "email"), ("number",),
        Words("预订的货收下来了", "县集：订单{number}预订的货已收获过秤，即将打包。",
              "订单 {number} 预订的货已经收获过秤，数量足够，即将打包。"),
        Words("What you ordered ahead is harvested",
              "CountyFair: what you ordered ahead with {number} is harvested and will be packed.",
              "What you ordered ahead with {number} is harvested and weighed; it will be packed now."),
    ),
    "order.short": Kind(
        _("Harvest of a pre-order fell short"), "orders", ("house", "sms", "email"),
        ("number", "packs", "amount"),
        Words("预订的收成不足", "县集：订单{number}因收成不足少{packs}份，退款{amount}元。",
              "订单 {number} 预订的收成比预计少，按比例分配后少 {packs} 份，"
              "{amount} 元将按原付款方式退回，其余照常发货。"),
        Words("The harvest you ordered ahead fell short",
              "CountyFair: the harvest fell short: {packs} packs of {number} are missing, ¥{amount} comes"
              " back.",
              "The harvest that {number} was ordered ahead of was smaller than expected and was shared out"
              " fairly: {packs} packs are missing, and ¥{amount} comes back the way you paid. The rest will"
              " be packed."),
    ),
    "harvest.ordered": Kind(
        _("What to bring for pre-orders"), "work", ("house", "sms"), ("amount", "product", "day"),
        Words("预售已截止", "县集：{product}预售截止，共订出您的{amount}，请约{day}送站。",
              "{product} 预售已截止，共订出您家的 {amount}，请于 {day} 前后送到站里过秤。"),
        Words("Pre-orders are closed",
              "CountyFair: {amount} of your {product} are ordered. Please bring it about {day}.",
              "Pre-orders of {product} are closed: {amount} of yours are ordered. Please bring it to your"
              " station about {day}."),
    ),
    "booking.code": Kind(
        _("Code of a booking"), "orders", ("house", "sms", "email"), ("number", "day"),
        Words("预订成功，请出示核销码", "县集：预订{number}成功，{day}到店请出示码{code}。",
              "预订 {number} 已付款，{day} 起。到店时请出示订单页面上的核销码。"),
        Words("Your booking stands: show its code",
              "CountyFair: booking {number} from {day}. Show this code to your host: {code}.",
              "Booking {number} is paid, from {day}. Your order's page shows the code for your host."),
        secret=("code",),
    ),
    "order.packed": Kind(
        _("Order packed"), "orders", ("house", "email"), ("number",),
        Words("订单已打包", "县集：订单{number}已打包。", "订单 {number} 已打包，等待发运。"),
        Words("Your order is packed", "CountyFair: order {number} is packed.",
              "Order {number} is packed and waits for its carrier."),
    ),
    "order.handed_over": Kind(
        _("Order on its way"), "orders", ("house", "sms", "email"), ("number", "waybill"),
        Words("订单已发出", "县集：订单{number}已发出，运单号{waybill}。",
              "订单 {number} 已交给承运人，运单号 {waybill}。"),
        Words("Your order is on its way", "CountyFair: order {number} is on its way, waybill {waybill}.",
              "Order {number} was given to its carrier, waybill {waybill}."),
    ),
    "order.ready": Kind(
        _("Order ready for pick-up"), "orders", ("house", "sms", "email"), ("number", "station"),
        Words("订单可以取货了", "县集：订单{number}已到{station}，取货码{code}。",
              "订单 {number} 已到 {station}，请凭订单页面上的取货码领取。"),
        Words("Your order can be picked up",
              "CountyFair: order {number} lies at {station}, pick-up code {code}.",
              "Order {number} lies at {station}. Your order's page shows the pick-up code."),
        secret=("code",),
    ),
    "gift.handed_over": Kind(
        _("Gift on its way"), "orders", ("sms",), ("number", "waybill"),
        Words("有人送您一份礼物", "县集：{giver}送您的礼物已发出，运单号{waybill}。",
              "一份礼物已经发出，运单号 {waybill}。"),
        Words("A gift is on its way to you",
              "CountyFair: a gift from {giver} is on its way to you, waybill {waybill}.",
              "A gift is on its way to you, waybill {waybill}."),
        secret=("giver",),
    ),
    "gift.ready": Kind(
        _("Gift ready for pick-up"), "orders", ("sms",), ("number", "station"),
        Words("您有一份礼物可以领取", "县集：{giver}送您的礼物已到{station}，取货码{code}。",
              "一份礼物已到 {station}，请凭短信里的取货码领取。"),
        Words("A gift can be picked up",
              "CountyFair: a gift from {giver} lies at {station}, pick-up code {code}.",
              "A gift lies at {station}. The pick-up code came by SMS."),
        secret=("code", "giver"),
    ),
    "gift.recalled": Kind(
        _("Gift recalled"), "orders", ("sms",), ("goods", "lot"),
        Words("您收到的礼物被召回", "县集：您收到的礼物{goods}（批次{lot}）被召回，请不要食用。",
              "您收到的礼物 {goods}（批次 {lot}）被召回，请不要食用。"),
        Words("A gift that you got is recalled",
              "CountyFair: {goods} (lot {lot}), which came to you as a gift, is recalled. Do not eat it.",
              "{goods} (lot {lot}), which came to you as a gift, is recalled. Do not eat it."),
    ),
    "order.cancelled": Kind(
        _("Order cancelled"), "orders", ("house", "sms", "email"), ("number",),
        Words("订单已取消", "县集：订单{number}已取消，已付款项将原路退回。",
              "订单 {number} 已取消。如已付款，将按原付款方式退回。"),
        Words("Your order is cancelled",
              "CountyFair: order {number} is cancelled. What you paid comes back the way you paid.",
              "Order {number} is cancelled. If you paid, the money comes back the way you paid."),
    ),
    "order.refunded": Kind(
        _("Money goes back"), "orders", ("house", "sms", "email"), ("number", "amount"),
        Words("订单退款", "县集：订单{number}退款{amount}元，将按原付款方式退回。",
              "订单 {number} 退款 {amount} 元，将按原付款方式退回。"),
        Words("Money comes back to you",
              "CountyFair: ¥{amount} of order {number} comes back to you the way you paid.",
              "¥{amount} of order {number} comes back to you the way you paid."),
    ),
    "group.joined": Kind(
        _("Joined a group"), "orders", ("house", "email"), ("number", "total", "needed", "until"),
        Words("您已参团", "县集：订单{number}已参团，付款{total}元，满{needed}人成团。",
              "订单 {number} 已参团并付款 {total} 元。{until} 前满 {needed} 人付款即成团；"
              "没有成团，钱全部退回。"),
        Words("You are in the group", "CountyFair: order {number} is in its group, ¥{total} paid.",
              "Order {number} is in its group, ¥{total} paid. It comes together once {needed} people have"
              " paid by {until}; otherwise all of your money comes back."),
    ),
    "group.last_call": Kind(
        _("A group is nearly over"), "orders", ("house", "sms", "email"), ("number", "missing", "until"),
        Words("拼团快截止了", "县集：订单{number}的拼团还差{missing}人，快转发订单页的链接。",
              "订单 {number} 的拼团还差 {missing} 人，{until} 截止。订单页面上有可以转发的链接。"),
        Words("Your group is nearly over",
              "CountyFair: the group of {number} lacks {missing} more. Share the link on your order's page.",
              "The group of order {number} lacks {missing} more people by {until}. The page of your order has"
              " the link to share."),
    ),
    "group.unpaid": Kind(
        _("A place in a group is not paid"), "orders", ("house", "sms", "email"), ("number", "until"),
        Words("您参团的订单还没付款", "县集：参团订单{number}未付款，拼团{until}截止。",
              "您参团的订单 {number} 还没有付款。拼团 {until} 截止，没付款不算参团。"),
        Words("Your place in the group is not paid yet",
              "CountyFair: order {number} in its group is not paid. The group ends at {until}.",
              "Your order {number} has a place in a group that ends at {until}, and is not paid yet. Unpaid"
              " it does not count."),
    ),
    "group.full": Kind(
        _("A group is full"), "orders", ("house", "sms", "email"), ("number",),
        Words("拼团成功", "县集：订单{number}拼团成功，正在备货。", "订单 {number} 拼团成功，正在备货。"),
        Words("Your group is full", "CountyFair: the group of order {number} is full. It is being prepared.",
              "The group of order {number} is full: your order is being prepared."),
    ),
    "group.failed": Kind(
        _("A group fell through"), "orders", ("house", "sms", "email"), ("number", "amount"),
        Words("没有成团，已退款", "县集：订单{number}没有成团，{amount}元全部退回。",
              "订单 {number} 到时间没有成团，{amount} 元将按原付款方式全部退回。"),
        Words("Your group fell through",
              "CountyFair: the group of {number} fell through. All ¥{amount} come back the way you paid.",
              "Not enough people joined the group of order {number} in time. All ¥{amount} come back the way"
              " you paid."),
    ),
    "claim.refunded": Kind(
        _("Claim answered: money goes back"), "orders", ("house", "sms", "email"), ("number", "amount"),
        Words("售后申请已同意", "县集：订单{number}的售后申请已同意，退款{amount}元。",
              "订单 {number} 的售后申请已同意，{amount} 元将按原付款方式退回。"),
        Words("Your claim was granted",
              "CountyFair: your claim on {number} was granted. ¥{amount} comes back the way you paid.",
              "Your claim on order {number} was granted: ¥{amount} comes back the way you paid."),
    ),
    "claim.replaced": Kind(
        _("Claim answered: the goods go out again"), "orders", ("house", "sms", "email"), ("number",),
        Words("将给您补发", "县集：订单{number}的售后申请已同意，将补发同样的货。",
              "订单 {number} 的售后申请已同意，将补发同样的货，不用再付钱。"),
        Words("The goods go out to you again",
              "CountyFair: your claim on {number} was granted. The same goods are sent to you again.",
              "Your claim on order {number} was granted: the same goods are sent to you again, at no price."),
    ),
    "claim.bring_back": Kind(
        _("Claim answered: goods to bring back"), "orders", ("house", "sms", "email"), ("number",),
        Words("请把货退回服务站", "县集：请把订单{number}申请售后的货退回服务站。",
              "请把订单 {number} 申请售后的货退回服务站。"),
        Words("Please bring the goods back", "CountyFair: please bring back what you claimed of {number}.",
              "Please bring back to the station what you claimed of order {number}."),
    ),
    "claim.refused": Kind(
        _("Claim answered: refused"), "orders", ("house", "sms", "email"), ("number",),
        Words("售后申请已答复", "县集：订单{number}的售后申请已答复，未予退款，原因见订单页面。",
              "订单 {number} 的售后申请已答复，未予退款。原因见订单页面。"),
        Words("Your claim was answered",
              "CountyFair: your claim on {number} was not granted. Your order's page says why.",
              "Your claim on order {number} was not granted. The page of your order says why."),
    ),
    "claim.asked": Kind(
        _("A claim came in"), "work", ("house",), ("number",),
        Words("有新的售后申请", "县集：订单{number}有新的售后申请。",
              "订单 {number} 有新的售后申请，等待答复。"),
        Words("A claim came in", "CountyFair: a claim on order {number} came in.",
              "A claim on order {number} came in and waits for an answer."),
    ),
    "payout.sent": Kind(
        _("Payout on its way"), "money", ("house", "sms"), ("number", "amount"),
        Words("货款已汇出", "县集：货款{amount}元已交银行汇出，单号{number}。",
              "货款 {amount} 元已交银行汇出，单号 {number}。"),
        Words("Your payout is on its way", "CountyFair: ¥{amount} was sent to your bank, payout {number}.",
              "¥{amount} was sent to your bank, payout {number}."),
    ),
    "payout.returned": Kind(
        _("Payout returned by the bank"), "money", ("house", "sms"), ("number", "amount"),
        Words("货款被银行退回", "县集：货款{amount}元被银行退回（{number}），请到县中心核对账号。",
              "货款 {amount} 元被银行退回（{number}）。请到县中心核对银行账号，下次一并支付。"),
        Words("The bank returned your payout",
              "CountyFair: the bank returned ¥{amount} ({number}). Please check your account at the centre.",
              "The bank returned ¥{amount} ({number}). Please have your account checked at the county's"
              " centre; it is paid with the next batch."),
    ),
    "station.work": Kind(
        _("Work waiting at the station"), "work", ("house", "email"), ("station", "to_pack", "to_hand_over"),
        Words("今日待办", "县集：{station}待打包{to_pack}单，待交接{to_hand_over}单。",
              "{station}今天有 {to_pack} 个订单待打包，{to_hand_over} 个包裹待交给承运人。"),
        Words("Work for today",
              "CountyFair: {station}: {to_pack} orders to pack, {to_hand_over} to hand over.",
              "{station} has {to_pack} orders to pack and {to_hand_over} parcels to hand over today."),
    ),
    "task.done": Kind(
        _("A file is ready"), "work", ("house",), (),
        Words("您要的文件好了", "县集：您要的文件好了。", "您要的文件已经准备好，请在两天内下载。"),
        Words("Your file is ready", "CountyFair: your file is ready.",
              "The file that you asked for is ready. Download it within two days."),
    ),
    "task.failed": Kind(
        _("A file could not be made"), "work", ("house",), (),
        Words("您要的文件没有做成", "县集：您要的文件没有做成。", "您要的文件没有做成，原因写在它的页面上。"),
        Words("Your file could not be made", "CountyFair: your file could not be made.",
              "The file that you asked for could not be made. Its page says why."),
    ),
    "webhook.given_up": Kind(
        _("An address hears nothing more"), "work", ("house", "email"), ("address",),
        Words("推送地址已停用", "县集：推送地址{address}长期无应答，已停用。",
              "推送地址 {address} 长期没有接收，已停止推送。请检查对方程序，再在“推送”页面恢复。"),
        Words("A webhook was given up", "CountyFair: {address} took nothing for days and hears nothing more.",
              "{address} took nothing for days, or said it is gone, and hears nothing more. Look at the"
              " program there, then take the webhook up again at the county's desk."),
    ),
}  # fmt: skip
