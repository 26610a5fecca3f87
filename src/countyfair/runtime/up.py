"""`countyfair up`: the whole house on this machine, until Ctrl-C.

PostgreSQL (unless DATABASE_URL names a server), tables, texts, sample counties on the first
run; then the sandbox payment provider, the job worker and the web server, all watched over.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
import httpx
from django.conf import settings
from django.db import DatabaseError
from rich.console import Console

from countyfair.kernel.refusal import Refusal
from countyfair.runtime import database
from countyfair.runtime.health import readiness
from countyfair.runtime.messages import compile_stale
from countyfair.runtime.postgres import server
from countyfair.runtime.supervisor import Module, Supervisor
from countyfair.surfaces.commands import load_sample
from countyfair.surfaces.commands.sample_logins import sample_logins

SANDBOX = "countyfair.trade.payments.gateways.sandbox.provider"
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Plan:
    """What `up` was asked for."""

    host: str
    port: int
    workers: int
    threads: int
    sample: bool

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Web processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads of each.")
@click.option(
    "--sample/--no-sample",
    default=None,
    help="Load the sample counties on the first run. Done by default, except into a DATABASE_URL.",
)
def command(host: str, port: int, workers: int, threads: int, sample: bool | None) -> None:
    """Start everything on this machine, and keep it running until Ctrl-C."""
    plan = Plan(host, port, workers, threads, database.is_embedded() if sample is None else sample)
    supervisor = Supervisor(say=lambda sentence: console.print(f"  {sentence}"))
    try:
        env = _open_database(supervisor)
        _refuse_taken(plan)
        _prepare(plan)
        _start_programs(plan, supervisor, env)
        if supervisor.watch(until=lambda: _is_open(plan)):
            database.disconnect()
            _announce(plan)
            supervisor.watch()
        console.print("Stopping.")
    finally:
        database.disconnect()
        supervisor.stop()


def _open_database(supervisor: Supervisor) -> dict[str, str]:
    """Start the embedded server where it is ours; the environment in which programs find it."""
    own = database.own_server()
    if own is None:
        return dict(os.environ)
    with _step("Starting PostgreSQL"):
        supervisor.add("PostgreSQL", own)
        own.create(server.DATABASE)
    return os.environ | {database.ADDRESS: server.url(own.home)}


def _prepare(plan: Plan) -> None:
    with _step("Bringing tables up to date"):
        database.migrate()
    with _step("Compiling texts"):
        compile_stale(settings.ROOT / "src")
    if plan.sample:
        load_sample.command.main([], prog_name="countyfair load sample", standalone_mode=False)
    database.disconnect()


def _start_programs(plan: Plan, supervisor: Supervisor, env: dict[str, str]) -> None:
    env = env | {"PYTHONUNBUFFERED": "1"}
    env.setdefault("COUNTYFAIR_ORIGIN", plan.address)
    if settings.COUNTYFAIR_SANDBOX:
        port = _free_port(settings.COUNTYFAIR_SANDBOX_PORT)
        env |= {"COUNTYFAIR_SANDBOX_PORT": str(port), "COUNTYFAIR_SANDBOX_URL": f"http://127.0.0.1:{port}"}
        supervisor.add("The sandbox payment provider", Module(SANDBOX, env=env, cwd=settings.ROOT))
    supervisor.add("The job worker", Module("countyfair.runtime", "worker", env=env, cwd=settings.ROOT))
    supervisor.add("The web server", Module("granian", *_granian(plan), env=env, cwd=settings.ROOT))


def _granian(plan: Plan) -> list[str]:
    module, _, application = settings.WSGI_APPLICATION.rpartition(".")
    options = {
        "interface": "wsgi",
        "http": "1",
        "host": plan.host,
        "port": plan.port,
        "workers": plan.workers,
        "blocking-threads": plan.threads,
        "respawn-interval": 0.5,
        "workers-kill-timeout": 5,
        "log-level": "warning",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return [*flags, "--no-ws", "--respawn-failed-workers", f"{module}:{application}"]


def _refuse_taken(plan: Plan) -> None:
    if not _can_listen(plan.host, plan.port):
        raise Refusal(
            f"Port {plan.port} of {plan.host} is taken by another program. Stop that one, or choose another "
            f"port: countyfair up --port {plan.port + 1}"
        )


def _free_port(wished: int) -> int:
    """`wished` where it is free, else any port that is."""
    if _can_listen("127.0.0.1", wished):
        return wished
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _can_listen(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _is_open(plan: Plan) -> bool:
    """Whether a visitor would be served: the web server answers, and so does what stands behind it."""
    try:
        answer = httpx.get(f"{plan.address}/healthz", timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    try:
        return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and set(readiness().values()) == {"ok"}
    except DatabaseError:
        return False


def _announce(plan: Plan) -> None:
    console.print(f"\nCountyFair is open: [bold]{plan.address}[/bold]")
    if plan.sample:
        console.print("\nSample people (the sign-in page shows their codes):")
        for login in sample_logins():
            console.print(f"  {login.phone}  {login.path:<10} {login.person}")
    console.print("Ctrl-C stops it; what was entered stays for the next time.\n")


@contextmanager
def _step(what: str) -> Iterator[None]:
    with console.status(f"{what} …"):
        yield
    console.print(f"  {what}: done")
