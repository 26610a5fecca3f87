"""What the provider remembers: payments, refunds, and notifications still to be acknowledged."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from countyfair.trade.payments.gateways.sandbox.provider.schedule import Sending

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    intent TEXT PRIMARY KEY, reference TEXT NOT NULL, amount_fen INTEGER NOT NULL, currency TEXT NOT NULL,
    expires REAL, back TEXT NOT NULL, notify TEXT NOT NULL, state TEXT NOT NULL, payment TEXT UNIQUE,
    paid_at REAL);
CREATE TABLE IF NOT EXISTS refund (
    refund TEXT PRIMARY KEY, payment TEXT NOT NULL, amount_fen INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, address TEXT NOT NULL, body TEXT NOT NULL, forged INTEGER NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, acknowledged INTEGER NOT NULL DEFAULT 0);
"""

#: After so many tries the provider gives up; the shop has to ask.
MOST_ATTEMPTS = 24


class Refused(Exception):
    """What was asked cannot be done; the text is the provider's answer."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as asked for. `state` is awaiting, paid or refused; `payment` its key once paid."""

    intent: str
    reference: str
    amount_fen: int
    currency: str
    expires: float | None
    back: str
    notify: str
    state: str
    payment: str | None
    paid_at: float | None


@dataclass(frozen=True, slots=True)
class Due:
    """A notification to be sent now."""

    id: int
    address: str
    body: dict[str, Any]
    forged: bool
    attempts: int


class Store:
    """One SQLite file, one writer at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def open(self, asked: Payment) -> Payment:
        """Remember a payment that is asked for; asked for again it is the same.

        Raises:
            Refused: the intent is known with another amount.
        """
        with self._writing() as db:
            db.execute(
                "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?, 'awaiting', NULL, NULL) ON"
                " CONFLICT DO NOTHING",
                (
                    asked.intent,
                    asked.reference,
                    asked.amount_fen,
                    asked.currency,
                    asked.expires,
                    asked.back,
                    asked.notify,
                ),
            )
            known = self._find(db, asked.intent)
        if known is None or (known.amount_fen, known.currency) != (asked.amount_fen, asked.currency):
            raise Refused("this payment was asked for with another amount")
        return known

    def find(self, intent: str) -> Payment | None:
        with self._lock:
            return self._find(self._connection, intent)

    def pay(self, intent: str, moment: float, sendings: Sequence[Sending]) -> Payment:
        """Take the money, once, and put its notifications on the list.

        Raises:
            Refused: unknown, refused before, or past its time.
        """
        with self._writing() as db:
            known = self._find(db, intent)
            if known is None or known.state == "refused":
                raise Refused("there is nothing to pay")
            if known.state == "paid":
                return known
            if known.expires is not None and moment >= known.expires:
                raise Refused("the time to pay is over")
            key = f"SBX{secrets.token_hex(10).upper()}"
            db.execute(
                "UPDATE payment SET state = 'paid', payment = ?, paid_at = ? WHERE intent = ?",
                (key, moment, intent),
            )
            body = {
                "notice": f"N{secrets.token_hex(10).upper()}",
                "intent": intent,
                "payment": key,
                "amount_fen": known.amount_fen,
                "currency": known.currency,
                "paid_at": moment,
            }
            db.executemany(
                "INSERT INTO notice (address, body, forged, due) VALUES (?, ?, ?, ?)",
                [(known.notify, json.dumps(body), one.forged, moment + one.after) for one in sendings],
            )
            paid = self._find(db, intent)
        if paid is None:
            raise Refused("there is nothing to pay")
        return paid

    def refuse(self, intent: str) -> Payment:
        """The payer does not want to.

        Raises:
            Refused: unknown.
        """
        with self._writing() as db:
            db.execute(
                "UPDATE payment SET state = 'refused' WHERE intent = ? AND state = 'awaiting'", (intent,)
            )
            known = self._find(db, intent)
        if known is None:
            raise Refused("there is nothing to pay")
        return known

    def refund(self, refund: str, payment: str, amount_fen: int, currency: str) -> None:
        """Give back part of a payment, once under its key.

        Raises:
            Refused: no such payment, more than is left of it, or the key was used for something else.
        """
        with self._writing() as db:
            known = db.execute(
                "SELECT payment, amount_fen, currency FROM refund WHERE refund = ?", (refund,)
            ).fetchone()
            if known is not None:
                if known != (payment, amount_fen, currency):
                    raise Refused("this key was used for another refund")
                return
            paid = db.execute(
                "SELECT amount_fen, currency FROM payment WHERE payment = ?", (payment,)
            ).fetchone()
            if paid is None or paid[1] != currency:
                raise Refused("there is no such payment")
            back = db.execute(
                "SELECT coalesce(sum(amount_fen), 0) FROM refund WHERE payment = ?", (payment,)
            ).fetchone()
            if amount_fen <= 0 or back[0] + amount_fen > paid[0]:
                raise Refused("more than is left of this payment")
            db.execute("INSERT INTO refund VALUES (?, ?, ?, ?)", (refund, payment, amount_fen, currency))

    def refunded(self, payment: str) -> int:
        """How much of a payment was given back."""
        with self._lock:
            found = self._connection.execute(
                "SELECT coalesce(sum(amount_fen), 0) FROM refund WHERE payment = ?", (payment,)
            ).fetchone()
        return int(found[0])

    def due(self, moment: float, intent: str = "") -> list[Due]:
        """Notifications to be sent now, of one intent or of all."""
        with self._lock:
            found = self._connection.execute(
                "SELECT id, address, body, forged, attempts FROM notice WHERE NOT acknowledged AND"
                " attempts < ?"
                " AND due <= ? AND (? = '' OR json_extract(body, '$.intent') = ?) ORDER BY due LIMIT 100",
                (MOST_ATTEMPTS, moment, intent, intent),
            ).fetchall()
        return [Due(row[0], row[1], json.loads(row[2]), bool(row[3]), row[4]) for row in found]

    def sent(self, notice: int, *, acknowledged: bool, next_due: float) -> None:
        """Note one attempt at a notification."""
        with self._writing() as db:
            db.execute(
                "UPDATE notice SET attempts = attempts + 1, acknowledged = ?, due = ? WHERE id = ?",
                (acknowledged, next_due, notice),
            )

    @staticmethod
    def _find(db: sqlite3.Connection, intent: str) -> Payment | None:
        row = db.execute("SELECT * FROM payment WHERE intent = ?", (intent,)).fetchone()
        return Payment(*row) if row else None
