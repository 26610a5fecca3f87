"""The provider's pages, in Chinese and English: plain HTML that needs no script."""

from __future__ import annotations

from html import escape

from countyfair.kernel.money import Money
from countyfair.trade.payments.gateways.sandbox.provider.schedule import WAYS
from countyfair.trade.payments.gateways.sandbox.provider.store import Payment

_WORDS = {
    "zh": {
        "lang": "zh-Hans",
        "title": "示例支付",
        "notice": "这是演练用的支付页面，不会动用真钱。",
        "for": "订单",
        "amount": "应付金额",
        "pay": "付款",
        "refuse": "不付了，返回",
        "how": "通知方式（演练用）",
        "mixed": "随机",
        "normal": "马上通知",
        "late": "迟到的通知",
        "double": "通知两次",
        "lost": "不通知",
        "forged": "先来一个假通知",
        "before": "先通知，再返回",
        "done": "已经付款",
        "gone": "没有付款",
        "back": "返回商家",
        "wrong": "这个付款链接不能用。请回到订单页面，重新点付款。",
        "over": "付款时间已过，没有扣款。请返回商家查看订单。",
    },
    "en": {
        "lang": "en",
        "title": "Sample payment",
        "notice": "This page is for practice. No real money moves.",
        "for": "Order",
        "amount": "Amount to pay",
        "pay": "Pay",
        "refuse": "Do not pay, go back",
        "how": "How to notify (for practice)",
        "mixed": "By chance",
        "normal": "At once",
        "late": "Late",
        "double": "Twice",
        "lost": "Never",
        "forged": "A forged one first",
        "before": "Notify first, then go back",
        "done": "Paid",
        "gone": "Not paid",
        "back": "Back to the shop",
        "wrong": "This payment link cannot be used. Go back to your order and press pay again.",
        "over": "The time to pay is over and nothing was taken. Go back to the shop to see your order.",
    },
}

_STYLE = """
:root { color-scheme: light dark; font: 1.125rem/1.6 system-ui, "PingFang SC", sans-serif; }
body { margin: 0 auto; max-width: 28rem; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; }
dl { margin: 1.5rem 0; }
dt { font-size: 1rem; }
dd { margin: 0 0 1rem; font-weight: 600; overflow-wrap: anywhere; }
.sum { font-size: 2rem; font-variant-numeric: tabular-nums; }
.note { border-left: .3rem solid; padding-left: .8rem; }
button, a.back {
  box-sizing: border-box; display: block; width: 100%; min-height: 3.25rem; margin: .75rem 0; padding: .6rem;
  border: 2px solid currentColor; border-radius: .5rem; background: none; color: inherit;
  font: inherit; text-align: center;
}
button.main { background: #8a3a10; border-color: #8a3a10; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid #1a6fd4; outline-offset: 3px; }
summary { min-height: 3rem; padding-top: .6rem; }
label { display: flex; gap: .6rem; align-items: center; min-height: 3rem; }
input { width: 1.4rem; height: 1.4rem; }
"""


def language(accepted: str) -> str:
    """`en` where the browser asks for English before Chinese, else `zh`."""
    for part in accepted.lower().split(","):
        if part.strip().startswith(("zh", "en")):
            return part.strip()[:2]
    return "zh"


def pay_page(payment: Payment, *, token: str, way: str, words: str) -> str:
    """Pay or refuse, and how the shop is to hear of it."""
    said = _WORDS[words]
    choices = "".join(
        f'<label><input type="radio" name="way" value="{name}"{_checked(name == way)}>{said[name]}</label>'
        for name in ("mixed", *WAYS)
    )
    return _page(
        words,
        f"""<p class="note">{said["notice"]}</p>{_facts(payment, words)}
<form method="post" action="/pay/{escape(payment.intent)}">
<input type="hidden" name="token" value="{escape(token)}">
<button class="main" name="decision" value="pay">{said["pay"]}</button>
<button name="decision" value="refuse">{said["refuse"]}</button>
<details><summary>{said["how"]}</summary>
<fieldset><legend>{said["how"]}</legend>{choices}</fieldset></details></form>""",
    )


def closed_page(payment: Payment, *, back: str, words: str) -> str:
    """A payment that was decided already."""
    said = _WORDS[words]
    outcome = said["done" if payment.state == "paid" else "gone"]
    return _page(words, f'<p class="note">{outcome}</p>{_facts(payment, words)}{_back(back, words)}')


def refused_page(reason: str, *, back: str, words: str) -> str:
    """What cannot be paid: `reason` is `wrong` or `over`."""
    return _page(words, f'<p class="note">{_WORDS[words][reason]}</p>{_back(back, words) if back else ""}')


def _checked(is_checked: bool) -> str:
    return " checked" if is_checked else ""


def _facts(payment: Payment, words: str) -> str:
    said = _WORDS[words]
    amount = Money(payment.amount_fen, payment.currency)
    sign = "¥" if payment.currency == "CNY" else f"{payment.currency} "
    return (
        f'<dl><dt>{said["amount"]}</dt><dd class="sum">{escape(sign)}{amount.major:,}</dd>'
        f"<dt>{said['for']}</dt><dd>{escape(payment.reference)}</dd></dl>"
    )


def _back(address: str, words: str) -> str:
    return f'<a class="back" href="{escape(address)}">{_WORDS[words]["back"]}</a>'


def _page(words: str, body: str) -> str:
    said = _WORDS[words]
    return (
        f'<!doctype html><html lang="{said["lang"]}"><head><meta charset="utf-8">'
        f"<title>{said['title']}</title>"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{said['title']}</h1>{body}</main></body></html>"
    )
