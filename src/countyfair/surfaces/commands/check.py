"""`countyfair check`: prove the books, or that the public may come.

Every room that keeps a journal proves it over all its rows, and says how many those were. A
room's proofs are added here in one line.

All of it is read in one moment of a house at work. What news has still to change is left out and
counted: it is proved by the next check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click
from django.conf import settings
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from countyfair.kernel import proofs as kernel
from countyfair.kernel.outbox import lags
from countyfair.kernel.proofs import Proof, one_moment
from countyfair.kernel.refusal import Refusal
from countyfair.outreach.channels.queries import proofs as channels
from countyfair.registers.ledger import queries as ledger
from countyfair.registers.places import queries as places
from countyfair.surfaces.commands.deploy import unsafe
from countyfair.trade.bookings import queries as bookings
from countyfair.trade.logistics import queries as logistics
from countyfair.trade.orders import queries as orders
from countyfair.trade.payments import queries as payments
from countyfair.trade.promotions import queries as promotions
from countyfair.trade.settlement import queries as settlement
from countyfair.trade.stock import queries as stock
from countyfair.trade.trace import queries as trace

#: What proves the books, by room.
PROVERS: dict[str, Callable[[], Sequence[Proof]]] = {
    "kernel": kernel.proofs,
    "places": places.proofs,
    "ledger": ledger.proofs,
    "stock": stock.proofs,
    "payments": payments.proofs,
    "logistics": logistics.proofs,
    "promotions": promotions.proofs,
    "orders": orders.proofs,
    "settlement": settlement.proofs,
    "trace": trace.proofs,
    "bookings": bookings.proofs,
    "channels": channels.proofs,
}


@click.command("check")
@click.option("--deploy", is_flag=True, help="Instead, look for settings that are unsafe before the public.")
def command(deploy: bool) -> None:
    """Prove that journals, counters, references and statements agree."""
    console = Console(soft_wrap=True, highlight=False)
    if deploy:
        _refuse_unsafe(console)
    else:
        with one_moment():
            proofs, waited = _proved(), {lag.handler: lag.waiting for lag in lags() if lag.waiting}
        _show(console, proofs, waited)
        _refuse_broken(proofs)
        console.print(f"{sum(proof.checked for proof in proofs):,} rows proved by {len(proofs)} proofs.")


def _proved() -> list[Proof]:
    found: list[Proof] = []
    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("Proving", total=len(PROVERS))
        for room, prove in PROVERS.items():
            progress.update(task, description=f"Proving {room}")
            found += prove()
            progress.advance(task)
    return found


def _show(console: Console, proofs: Sequence[Proof], waited: Mapping[str, int]) -> None:
    table = Table("What is proved", "Rows", "", box=None)
    for proof in proofs:
        table.add_row(proof.name, f"{proof.checked:,}", "broken" if proof.broken else "holds")
    console.print(table)
    if waited:
        by = ", ".join(f"{count:,} by {handler}" for handler, count in sorted(waited.items()))
        console.print(
            f"{sum(waited.values()):,} events waited to be heard ({by}). What they will change was left out:"
            " check again when the worker has carried them."
        )


def _refuse_broken(proofs: Sequence[Proof]) -> None:
    if broken := [proof for proof in proofs if proof.broken]:
        lines = [f"{proof.name} fails for {', '.join(proof.broken)}" for proof in broken]
        raise Refusal(
            "\n".join([*lines, "Stop selling, and look at these rows before anything else is booked."])
        )


def _refuse_unsafe(console: Console) -> None:
    if sentences := unsafe(settings):
        raise Refusal("\n".join(f"- {sentence}" for sentence in sentences))
    console.print("Nothing unsafe was found in the settings.")
