"""WeChat Pay and Alipay beside the sandbox: their doubles take money, tell of it or not, and bill the day."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, at
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.tests.doubles.alipay import AlipayDouble
from countyfair.trade.payments.tests.doubles.wechat import WeChatDouble, fee_of
from tests.machine.bought import Bought
from tests.machine.season import Season, rule

WAYS = {"back": "https://fair.example/o/1?back=1", "notify": "https://fair.example/pay/x/notify/"}
REAL = ("wechat", "alipay")


class Gateways(Season):
    """Buyers who pay by a provider of the real world."""

    wechat: ClassVar[WeChatDouble]
    alipay: ClassVar[AlipayDouble]

    def begin(self) -> None:
        super().begin()
        self.wechat.orders.clear()
        self.wechat.refunds.clear()
        self.alipay.trades.clear()
        self.alipay.refunds.clear()

    def ending(self) -> None:
        """Each provider's bill of all that it did agrees with the books to the fen."""
        super().ending()
        for gateway in REAL:
            self.bill_agrees(gateway)

    @rule(
        gateway=st.sampled_from(REAL),
        packs=st.integers(1, 2),
        then=st.sampled_from(["in time", "twice", "comes back", "the job looks", "late", "forged"]),
    )
    def pay_by_a_provider(self, gateway: str, packs: int, then: str) -> None:
        lines = ((self.stalls[0].offer, packs),)
        one = self.place(Actor.guest("real"), "order by a provider", lines=lines, gateway=gateway)
        if one is None:
            return
        with at(self.moment):
            self.ask_there(one)
        if then == "forged":
            self.knock(one, forged=True)
        if then == "late":
            self.moment += timedelta(hours=1)
            for job in self.jobs():
                with at(self.moment):
                    job()
        if then in ("comes back", "the job looks"):
            self.pay_in_silence(one, then)
        else:
            for _time in range(2 if then == "twice" else 1):
                self.knock(one)
        assert money.intent(one.intent).state in (
            ("paid", "expired", "cancelled") if then == "late" else ("paid",)
        )
        self.tally[f"{gateway}: {then}"] += 1

    def pay_there(self, one: Bought) -> None:
        with at(self.moment):
            self.ask_there(one)
        self.knock(one)

    def ask_there(self, one: Bought) -> None:
        """The buyer's phone is led to the provider's page."""
        link = payments.payment_link(one.intent, **WAYS, subject="样例")
        if one.gateway == "alipay" and link:
            self.alipay.visit(link)

    def pay_in_silence(self, one: Bought, then: str) -> None:
        """The money is taken, and its notice gets lost."""
        self.pay_at(one)
        self.moment += timedelta(minutes=2)
        with at(self.moment):
            if then == "comes back":
                payments.ask_provider(SYSTEM, intent=one.intent)
            else:
                while payments.look_at_silent_intents():
                    pass

    def pay_at(self, one: Bought) -> dict[str, object]:
        double = self.wechat if one.gateway == "wechat" else self.alipay
        return dict(double.pay(one.intent.hex))

    def knock(self, one: Bought, *, forged: bool = False) -> None:
        """The provider's notice comes."""
        said = self.pay_at(one)
        with at(self.moment):
            if one.gateway == "wechat":
                stamp = int(self.moment.timestamp()) - (3600 if forged else 0)
                headers, body = self.wechat.notice(said, key=f"N-{one.id}", stamp=stamp)
            else:
                told = {name: str(value) for name, value in said.items()} | {"notify_id": f"N-{one.id}"}
                headers, body = {}, self.alipay.notice(told, key="stranger" if forged else "alipay")
            receipt = payments.receive_notice(
                Actor.guest(f"gateway:{one.gateway}"), gateway=one.gateway, headers=headers, body=body
            )
            assert (receipt.answer == "forged") == forged
            payments.settle_waiting_notices()

    def bill_agrees(self, gateway: str) -> None:
        """All refunds are heard of, the day is billed, and what is left there is what the books say."""
        with at(self.moment):
            while payments.settle_refunds():
                pass
            double = self.wechat if gateway == "wechat" else self.alipay
            double.make_bill()
            today = self.moment.astimezone(COUNTY_ZONE).date()
            payments.fetch_bill(SYSTEM, gateway=gateway, day=today)
        waiting = scalar(
            "SELECT count(*) FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id"
            " WHERE c.gateway = %s AND r.state <> 'done'",
            [gateway],
        )
        if waiting:  # asked for just now: its turn comes later
            return
        paid, back = self.told_by(gateway)
        fees = sum(map(fee_of, paid)) - sum(map(fee_of, back))
        assert balance(county=COUNTY, code="clearing", owner=gateway) == sum(paid) - sum(back) - fees
        assert scalar("SELECT count(*) FROM payments_daybillgap WHERE gateway = %s", [gateway]) == 0
        self.tally[f"{gateway}: the bill agrees{' with refunds' if back else ''}"] += 1

    def told_by(self, gateway: str) -> tuple[list[int], list[int]]:
        """What the provider took and gave back, in fen."""
        if gateway == "wechat":
            orders = [one for one in self.wechat.orders.values() if "paid" in one]
            refunds = self.wechat.refunds.values()
            return [one["amount"]["total"] for one in orders], [one["amount"]["refund"] for one in refunds]
        trades = [one for one in self.alipay.trades.values() if one.get("status") == "TRADE_SUCCESS"]
        return [_fen(one["total_amount"]) for one in trades], [
            _fen(one) for one in self.alipay.refunds.values()
        ]


def _fen(yuan: str) -> int:
    whole, _dot, part = yuan.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))
