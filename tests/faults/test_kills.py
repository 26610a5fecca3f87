"""Web, worker and database are killed while people buy and pay: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest

from countyfair.kernel.ids import uuid7
from countyfair.runtime.postgres import home, server
from countyfair.runtime.tests.test_up import House, free_port, wait_for
from countyfair.trade.payments.gateways.sandbox import signing
from tests.concurrency.buyers import PLAIN, Forms
from tests.databases import CHECKOUT

KEY = "development-only-development-only-development-only"
BUYERS = 6
SEED = "import django; django.setup(); from tests.faults.seed import seed; seed()"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("killed")
    for path in (folder, folder.parent, folder.parent.parent):  # the database runs as another user
        path.chmod(0o755)
    one = House(folder, free_port())
    yield one
    if one.process is not None and one.process.poll() is None:
        one.signal(signal.SIGTERM)
        one.ended()


@dataclass
class Crowd:
    """Buyers who order and pay until told to stop, and press again whatever got no answer.

    `pressed` are the forms whose button was pressed, `kept` those answered with an order's page.
    """

    address: str
    goods: dict[str, str]
    database: str
    stop: threading.Event = field(default_factory=threading.Event)
    pressed: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)

    def buys(self) -> None:
        """One buyer, order after order; the last one is followed to its end."""
        while not self.stop.is_set():
            with httpx.Client(base_url=self.address, timeout=20, trust_env=False, verify=PLAIN) as browser:
                form = self._filled(browser)
                self.pressed.add(form["once"])
                answer = self._until_answered(browser, f"/checkout/{self.goods['county']}/", form)
                where = answer.headers.get("location", "")
                if answer.status_code != httpx.codes.FOUND or form["once"] not in where:
                    self.odd.append(f"{answer.status_code} {where}")
                    continue
                self.kept.add(form["once"])
                self._pays(browser, form["once"])

    def _filled(self, browser: httpx.Client) -> dict[str, str]:
        page = self._until_answered(browser, f"/goods/{self.goods['product']}/")
        chosen = Forms(page.text).found["/basket/add/"] | {"offer": self.goods["offer"], "quantity": "1"}
        token = chosen["csrfmiddlewaretoken"]
        self._until_answered(browser, "/basket/add/", chosen)
        return {
            "csrfmiddlewaretoken": token, "once": str(uuid7()), "fulfilment": "pickup",
            "station": self.goods["station"], "name": "样例·买家", "phone": "19900008888",
            "gateway": "sandbox", "expected": "2980", "is_total": "1",
        }  # fmt: skip

    def _pays(self, browser: httpx.Client, order: str) -> None:
        """The provider says that it was paid, twice, as often as it takes."""
        row = self._row("SELECT intent::text, total_fen FROM orders_order WHERE id = %s", order)
        said = {"notice": f"N{order}", "intent": row[0], "payment": f"P{order}", "amount_fen": row[1],
                "currency": "CNY"}  # fmt: skip
        headers, body = signing.signed("provider", said, key=KEY, moment=datetime.now(UTC))
        for _time in range(2):
            self._until_answered(browser, "/pay/sandbox/notify/", content=body, headers=headers)

    def _until_answered(
        self, browser: httpx.Client, path: str, form: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Ask until an answer comes that is no fault of the house: people press again."""
        answers: list[httpx.Response] = []

        def answered() -> bool:
            try:
                sends = form is not None or more
                answer = browser.post(path, data=form, **more) if sends else browser.get(path)
            except httpx.TransportError:
                return False
            answers.append(answer)
            return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR

        wait_for(answered)
        return answers[-1]

    def _row(self, sql: str, *params: object) -> Any:
        found: list[Any] = []

        def read() -> bool:
            try:
                with psycopg.connect(self.database) as connection:
                    found[:] = [connection.execute(sql.encode(), params).fetchone()]
            except psycopg.OperationalError:
                return False
            return True

        wait_for(read)
        return found[0]

    def goes_on(self) -> None:
        """Return when as many more have ordered as there are buyers."""
        wanted = len(self.kept) + BUYERS
        wait_for(lambda: len(self.kept) >= wanted)

    def count(self, sql: str) -> int:
        return int(self._row(sql)[0])


def stocked(house: House) -> tuple[dict[str, str], str]:
    """Something to buy in this house, and where its database is."""
    address = server.url(home.lasting(house.var))
    env = house.environment() | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run(
        [sys.executable, "-c", SEED], cwd=CHECKOUT, env=env, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    goods: dict[str, str] = json.loads(told.stdout)
    return goods, address


def kill_one(house: House, pattern: str, *, youngest: bool) -> None:
    """Kill a process of the house as the system would, and return when all is up again."""
    found = house.processes(pattern)
    victim = max(found) if youngest else min(found)
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: victim not in house.processes(pattern))
    wait_for(lambda: bool(house.processes(pattern)) and house.is_ready())


@pytest.mark.slow
def test_whatever_is_killed_while_people_buy_and_pay_nothing_is_lost_and_nothing_doubled(
    house: House,
) -> None:
    house.open()
    goods, database = stocked(house)
    crowd = Crowd(f"http://127.0.0.1:{house.port}", goods, database)
    with ThreadPoolExecutor(BUYERS) as people:
        buying = [people.submit(crowd.buys) for _ in range(BUYERS)]
        try:
            for pattern, youngest in (
                ("granian", True),
                ("runtime worker", False),
                ("bin/postgres -D", False),
            ):
                crowd.goes_on()
                kill_one(house, pattern, youngest=youngest)
            crowd.goes_on()
        finally:
            crowd.stop.set()
    for one in buying:
        one.result()

    assert crowd.odd == []
    assert crowd.kept == crowd.pressed
    orders = "SELECT count(*) FROM orders_order"
    assert crowd.count(orders) == len(crowd.kept)
    wait_for(lambda: crowd.count(f"{orders} WHERE state = 'paid'") == len(crowd.kept))
    assert crowd.count("SELECT count(*) FROM payments_capture") == len(crowd.kept)
    assert crowd.count("SELECT sum(reserved)::bigint FROM stock_lot") == 500 * len(crowd.kept)
    proved = subprocess.run(
        [sys.executable, "-m", "countyfair.runtime", "check"], env=house.environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert proved.returncode == 0, proved.stdout + proved.stderr
