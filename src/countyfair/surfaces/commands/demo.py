"""`countyfair demo`: a season played through the very verbs the pages call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import click
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.jobs import Job
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.refusal import Conflict
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.stations import queries as stations
from countyfair.surfaces.commands.progress import progress_bar
from countyfair.surfaces.commands.sample.definition import FOLDER, SampleCounty, sample_counties
from countyfair.surfaces.commands.sample.opening import open_county
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.ahead import SellingAhead
from countyfair.surfaces.commands.season.buying import Buying
from countyfair.surfaces.commands.season.cast import AGENT_PHONES, gather
from countyfair.surfaces.commands.season.claiming import Claiming
from countyfair.surfaces.commands.season.growing import Growing
from countyfair.surfaces.commands.season.hosting import Hosting
from countyfair.surfaces.commands.season.paying import Paying
from countyfair.surfaces.commands.season.promoting import Promoting
from countyfair.surfaces.commands.season.provider import SeasonProvider, provider_at_work
from countyfair.surfaces.commands.season.recalling import Recalling
from countyfair.surfaces.commands.season.selling import Selling

#: The worker's hours: news is carried and jobs run so often in a season; what is forgotten, once a night.
NEWS_HOURS = [hour / 2 for hour in range(14, 47)]
JOB_HOURS = range(24)
NIGHT = 3
#: In a season that is played nobody is sent messages.
SILENT = ("notices.send_due", "trace.tell_buyers")


@click.command("demo")
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 730), help="Length of the season."
)
@click.option(
    "--seed", default=1, show_default=True, help="Another seed is another season; the same is the same."
)
@click.option(
    "--orders", "a_day", default=33, show_default=True, type=click.IntRange(0, 5000),
    help="Orders on an ordinary day in each county.",
)  # fmt: skip
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Last day of the season; by default yesterday.",
)
def command(days: int, seed: int, a_day: int, until: datetime | None) -> None:
    """Play a season of both sample counties in an empty database.

    Harvests, those sold ahead too, orders, coupons and groups, services, late notices, cancellations,
    deliveries, refunds, claims, recalls and pay-outs, each through the verb that a page would call, at its
    own moment.
    """
    counties = sample_counties()
    taken = [one.name_en for one in counties if stations.stations(county=one.code)]
    if taken:
        raise Conflict(
            f"{' and '.join(taken)} stand in this database already. Play the season in an empty one:"
            " give another DATABASE_URL, or another folder by COUNTYFAIR_VAR."
        )
    last = until.date() if until else clock.today() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    agenda = play(counties, first=first, last=last, seed=seed, a_day=a_day)
    for what, count in sorted(agenda.tally.items()):
        click.echo(f"{count:>8,}  {what}")


def play(
    counties: list[SampleCounty],
    *,
    first: date,
    last: date,
    seed: int,
    a_day: int,
    villages_of: Sequence[str] = (),
) -> Agenda:
    """Play the season from the first to the last day.

    Args:
        a_day: orders on an ordinary day in each county.
        villages_of: load townships and villages of these counties only; all of the 832 by default.
    """
    begin = datetime.combine(first, time(5), tzinfo=clock.COUNTY_ZONE).astimezone(UTC)
    agenda = Agenda(seed=seed, begin=begin)
    days = (last - first).days + 1
    with progress_bar() as bar, provider_at_work(agenda) as provider, _without_waiting_for_the_disk():
        task = bar.add_task("Opening the counties", total=days)
        with clock.at(begin):
            load_divisions(Actor.system("demo"), folder=FOLDER.parent / "places", counties=villages_of)
            for sample in counties:
                open_county(sample, step=lambda: None)
            players = [
                player
                for number, sample in enumerate(counties)
                for player in _players(agenda, sample, AGENT_PHONES + 1000 * number, provider, a_day)
            ]
        for number in range(days):
            day = first + timedelta(days=number)
            for player in players:
                player.day(day)
            _house_work(agenda, day)
            agenda.run(_end_of(day))
            bar.update(task, description=f"Playing {day:%Y-%m-%d}", completed=number + 1)
    return agenda


class Player(Protocol):
    """Somebody of a county with something to do each day."""

    def day(self, day: date) -> None:
        """Lay out a day."""


def _players(
    agenda: Agenda, sample: SampleCounty, first_phone: int, provider: SeasonProvider, a_day: int
) -> list[Player]:
    cast = gather(sample, first_phone)
    buying, claiming = Buying(agenda, cast, provider, a_day), Claiming(agenda, cast)
    return [
        Growing(agenda, cast),
        Selling(agenda, cast, buying.pay_online, claiming.after_delivery),
        buying,
        SellingAhead(agenda, cast, buying),
        Promoting(agenda, cast, buying),
        Hosting(agenda, cast, buying),
        claiming,
        Recalling(agenda, cast),
        Paying(agenda, cast),
    ]


def _house_work(agenda: Agenda, day: date) -> None:
    jobs: tuple[Job, ...] = import_string(settings.COUNTYFAIR_JOBS)
    for hour in NEWS_HOURS:
        agenda.on(day, hour, deliver_everything)
    for hour in JOB_HOURS:
        for job in jobs:
            if job.name not in SILENT and (job.seconds < 3600 or hour == NIGHT):
                agenda.on(day, hour + 0.25, job.run)


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """A season is played again where the machine went down in it; its commits need not wait for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.COUNTY_ZONE).astimezone(UTC)
