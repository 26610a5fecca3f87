"""`python -m countyfair.trade.payments.gateways.sandbox.provider`: the provider as a process."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click
from django.conf import settings

from countyfair.trade.payments.gateways.sandbox.provider.schedule import WAYS
from countyfair.trade.payments.gateways.sandbox.provider.server import open_provider, serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


@click.command()
@click.option("--port", type=int, help="Port on 127.0.0.1; by default COUNTYFAIR_SANDBOX_PORT.")
@click.option(
    "--state-dir", type=click.Path(path_type=Path), help="Folder of its memory; by default `sandbox` of VAR."
)
@click.option(
    "--way", type=click.Choice(["mixed", *WAYS]), default="normal", show_default=True,
    help="How payments are notified where the payer does not say.",
)  # fmt: skip
@click.option(
    "--seed", default=1, show_default=True, help="Draws late, double, lost and forged notifications."
)
@click.option("--pace", default=1.0, show_default=True, help="Multiplies every wait; 0 sends at once.")
def main(port: int | None, state_dir: Path | None, way: str, seed: int, pace: float) -> None:
    """Run the sandbox's payment provider on loopback until it is stopped.

    It signs with COUNTYFAIR_SANDBOX_KEY; the shop must know the same.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s sandbox %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    wished = port or settings.COUNTYFAIR_SANDBOX_PORT
    provider = open_provider(
        state_dir or settings.VAR / "sandbox",
        key=settings.COUNTYFAIR_SANDBOX_KEY,
        way=way,
        seed=seed,
        pace=pace,
    )
    try:
        with serving(provider, wished) as address:
            click.echo(f"sandbox provider on {address}")
            stop.wait()
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on port {wished}: {error.strerror}. Choose another --port."
        ) from error
    finally:
        provider.store.close()


if __name__ == "__main__":
    main()
