"""Recalls: a lot is called back before or after some of it was sent, and its buyers are told once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.trace import actions as trace
from countyfair.trade.trace.rules.recalls import SEVERITIES
from countyfair.trade.trace.tests.factories import Gateway
from tests.machine.books import Key
from tests.machine.season import WHICH, Season, rule


class Recalls(Season):
    """The county's food inspector, and a provider of messages that always confirms."""

    messages: ClassVar[Gateway]

    def begin(self) -> None:
        super().begin()
        self.recalls: list[UUID] = []
        self.messages.sent.clear()

    def jobs(self) -> list[Callable[[], object]]:
        return [*super().jobs(), trace.tell_buyers]

    @rule(
        which=WHICH,
        of_an_order=st.booleans(),
        severity=st.sampled_from(list(SEVERITIES)),
        twice=st.booleans(),
    )
    def recall(self, which: int, of_an_order: bool, severity: str, twice: bool) -> None:
        """A lot that somebody ordered some of, or any."""
        lot = self._lot_of_an_order(which) if of_an_order else self.lots[which % len(self.lots)]
        if lot is None:
            return
        recall = uuid7()
        waits = "SELECT count(*) FROM stock_reservation WHERE lot_id = %s AND state = 'held'"
        with self.doing("recall"):
            waiting = int(str(scalar(waits, [lot])))
            for _time in range(1 + twice):
                found = trace.recall_lot(
                    SYSTEM, recall=recall, lot=lot, severity=severity, reason="样例：农残超标"
                )
            self.recalls.append(recall)
            self.tally["recall before it was sent"] += bool(waiting)
            self.tally["recall after it was sent"] += found > waiting
            assert scalar(waits, [lot]) == 0

    @rule(needs="recalls", which=WHICH, twice=st.booleans())
    def lift(self, which: int, twice: bool) -> None:
        if self.recalls:
            with self.doing("lift a recall"):
                for _time in range(1 + twice):
                    trace.lift_recall(
                        SYSTEM, recall=self.recalls[which % len(self.recalls)], reason="样例：弄错了"
                    )

    @invariant()
    def nobody_is_told_twice(self) -> None:
        if hasattr(self, "lots"):
            told = Counter(message.id for message in self.messages.sent)
            assert set(told.values()) <= {1}

    def look_at_rest(self) -> None:
        super().look_at_rest()
        said = rows("SELECT id::text FROM trace_telling WHERE state = 'told'", into=Key)
        assert {row.key for row in said} == {str(message.id) for message in self.messages.sent}
        self.tally["told of a recall"] += len(said)

    def _lot_of_an_order(self, which: int) -> UUID | None:
        drawn = rows(
            "SELECT r.lot_id::text FROM stock_reservation r JOIN stock_lot l ON l.id = r.lot_id"
            " WHERE r.state IN ('held', 'dispatched') AND NOT l.expected AND l.service_on IS NULL"
            " ORDER BY r.id DESC",
            into=Key,
        )
        return UUID(drawn[which % len(drawn)].key) if drawn else None
