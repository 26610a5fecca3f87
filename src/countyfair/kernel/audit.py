"""The log of changes, kept by the database: triggers that no path of writing goes round.

A mutable table carries `Audited`, a journal `AppendOnly`, a reference table loaded by the
hundred thousand `audited_in_bulk()`. The actor is the transaction's `countyfair.actor`
(`kernel.verbs`); a raw UPDATE by hand shows as the database's own user.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import models
from django.db.models.expressions import Func


class CurrentActor(Func):
    """The database's `kernel_actor()`, as a column default."""

    template = "kernel_actor()"
    output_field = models.TextField()


class Audited(pgtrigger.Trigger):
    """Record each INSERT, UPDATE and DELETE of a row.

    Args:
        private: columns whose values are never written to the log.
        image: whether a new row's values are written; False keeps only its key, for hot tables
            whose first state can be read back from the row and its later changes.
        counters: True where the row's counters follow a journal by trigger: what that trigger
            changes is not recorded again, a change from anywhere else is.
        notes: columns in which the house notes what it did, such as when it last looked: no change.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(
        self,
        *,
        private: Sequence[str] = (),
        image: bool = True,
        counters: bool = False,
        notes: Sequence[str] = (),
        name: str = "audit",
    ) -> None:
        self.private = tuple(private)
        self.notes = tuple(notes)
        self.image = image
        self.counters = counters
        super().__init__(name=name)

    def get_condition(self, model: models.Model) -> Any:
        return pgtrigger.Condition("pg_trigger_depth() = 0") if self.counters else None

    def get_func(self, model: models.Model) -> str:
        columns = ", ".join(f"'{column}'" for column in self.private)
        private = f"ARRAY[{columns}]::text[]"
        image = "true" if self.image else "false"
        without = "".join(f" - '{column}'" for column in self.notes)
        return self._only_key_of_new(model) + (
            "PERFORM kernel_record(TG_TABLE_NAME::text, TG_OP,"
            f" CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD){without} END,"
            f" CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW){without} END,"
            f" {private}, {image}); RETURN NULL;"
        )

    def _only_key_of_new(self, model: models.Model) -> str:
        """For a hot table: a new row is recorded without being made into JSON first."""
        if self.image:
            return ""
        key = model._meta.pk.column
        return (
            "IF TG_OP = 'INSERT' THEN"
            f" PERFORM kernel_record_new(TG_TABLE_NAME::text, NEW.{key}::text, NEW.county::text);"
            " RETURN NULL; END IF; "
        )


class AppendOnly(pgtrigger.Trigger):
    """Refuse UPDATE and DELETE: what is written stays; a correction is a counter-entry.

    Args:
        until_days: of a log rather than a journal of goods or money: rows whose `at` is older than so many
            days may be deleted.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def __init__(self, name: str = "append_only", *, until_days: int = 0) -> None:
        super().__init__(name=name)
        self.until_days = until_days

    def get_func(self, model: models.Model) -> str:
        old = f"OLD.at < now() - interval '{self.until_days} days'"
        lets_go = f"IF TG_OP = 'DELETE' AND {old} THEN RETURN OLD; END IF; " if self.until_days else ""
        return lets_go + (
            "RAISE EXCEPTION '% keeps what was written: append a counter-entry instead', TG_TABLE_NAME"
            " USING ERRCODE = 'integrity_constraint_violation';"
        )


def audited_in_bulk() -> list[pgtrigger.Trigger]:
    """Triggers that record one line per statement, with the number of rows."""
    kinds = (
        ("insert", pgtrigger.Insert, "new"),
        ("update", pgtrigger.Update, "new"),
        ("delete", pgtrigger.Delete, "old"),
    )
    return [
        pgtrigger.Trigger(
            name=f"audit_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=_referencing(side),
            func=(
                "PERFORM kernel_record_bulk(TG_TABLE_NAME::text, TG_OP, (SELECT count(*) FROM changed_rows));"
                " RETURN NULL;"
            ),
        )
        for name, operation, side in kinds
    ]


def _referencing(side: str) -> Any:
    referencing: Any = pgtrigger.Referencing  # untyped in the library
    return referencing(**{side: "changed_rows"})
