"""Tasks: asked once, done for who asked, stopped, begun anew after a death, given up, forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people.queries import actor_of
from countyfair.registers.people.tests.factories import COUNTY, a_user
from countyfair.registers.tasks import actions, queries
from countyfair.registers.tasks.actions import Asked, Progress
from countyfair.registers.tasks.queries import File
from countyfair.registers.tasks.rules import AT_ONCE, KEPT, SILENT, TRIES

pytestmark = pytest.mark.django_db

JOB = Actor.system("tasks.work")


class Killed(BaseException):
    """What ends a process, and no code of ours survives."""


def someone() -> Actor:
    return actor_of(a_user())


def asked(actor: Actor, kind: str = "letter", language: str = "en") -> UUID:
    key = uuid7()
    actions.ask(actor, task=key, county=COUNTY, kind=kind, particulars={"of": "pears"}, language=language)
    return key


def letter(task: Asked, progress: Progress) -> File:
    progress(1, 2)
    return File("letter.txt", "text/plain", f"{task.particulars['of']} {task.actor.user_id}".encode())


def test_it_is_done_once_for_who_asked_and_kept_sealed_for_nobody_else() -> None:
    actor = someone()
    key = asked(actor)
    actions.ask(actor, task=key, county=COUNTY, kind="letter", particulars={"of": "pears"}, language="en")
    with pytest.raises(Conflict):
        actions.ask(actor, task=key, county=COUNTY, kind="letter", particulars={}, language="en")
    assert actions.work(JOB, workers={"letter": letter}) == 1
    assert actions.work(JOB, workers={"letter": letter}) == 0
    seen = queries.task(actor, task=key)
    assert (seen.state, seen.done, seen.total) == ("done", 2, 2)
    made = queries.file(actor, task=key)
    assert made.data == f"pears {actor.user_id}".encode()
    assert scalar("SELECT position('pears'::bytea in made) FROM tasks_task") == 0
    for read in (queries.task, queries.file, actions.stop):
        with pytest.raises(Missing):
            read(someone(), task=key)
    assert queries.tasks(someone(), county=COUNTY) == []
    assert scalar(
        "SELECT string_agg(kind, ' ') FROM notices_notification WHERE user_id = %s", [actor.user_id]
    )


def test_who_is_nobody_asks_for_nothing_and_who_asks_too_much_waits() -> None:
    with pytest.raises(Forbidden):
        asked(Actor.guest("x"))
    actor = someone()
    keys = [asked(actor) for _number in range(AT_ONCE)]
    with pytest.raises(Conflict):
        asked(actor)
    actions.stop(actor, task=keys[0])
    asked(actor)


def test_one_that_is_stopped_midway_ends_and_says_nothing() -> None:
    actor = someone()
    key = asked(actor)

    def stopped(task: Asked, progress: Progress) -> File:
        progress(1, 9)
        actions.stop(actor, task=key)
        progress(2, 9)
        raise AssertionError("it went on")

    assert actions.work(JOB, workers={"letter": stopped}) == 0
    assert (queries.task(actor, task=key).state, queries.task(actor, task=key).done) == ("stopped", 1)
    assert scalar("SELECT count(*) FROM notices_notification") == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_goes_wrong_is_told_in_the_language_of_who_asked(language: str) -> None:
    actor = someone()

    def refused(task: Asked, progress: Progress) -> File:
        raise Conflict(_("Sign in first."))

    def broken(task: Asked, progress: Progress) -> File:
        raise ZeroDivisionError("a secret")

    told = []
    for worker in (refused, broken):
        key = asked(actor, language=language)
        actions.work(JOB, workers={"letter": worker})
        seen = queries.task(actor, task=key)
        assert seen.state == "failed"
        told.append(seen.failure)
    assert ("Sign in" in told[0], "log" in told[1]) == ((True, True) if language == "en" else (False, False))
    assert "secret" not in told[1]
    assert scalar("SELECT count(*) FROM notices_notification WHERE kind = 'task.failed'") == 2


def test_what_a_dead_worker_left_is_begun_anew_and_given_up_after_some_tries() -> None:
    actor = someone()
    key = asked(actor)
    said: list[Progress] = []

    def dies(task: Asked, progress: Progress) -> File:
        progress(1, 2)
        said.append(progress)
        raise Killed

    moment = now()
    for number in range(TRIES):
        with at(moment + number * (SILENT + timedelta(seconds=1))), pytest.raises(Killed):
            actions.work(JOB, workers={"letter": dies})
        with at(moment + number * (SILENT + timedelta(seconds=1)) + SILENT / 2):
            assert actions.work(JOB, workers={"letter": dies}) == 0, "it may be alive still"
    with at(moment + TRIES * (SILENT + timedelta(seconds=1))):
        assert actions.work(JOB, workers={"letter": dies}) == 0
    assert queries.task(actor, task=key).state == "failed"
    assert queries.task(actor, task=key).failure
    assert len(said) == TRIES


def test_a_worker_taken_for_dead_writes_no_more() -> None:
    actor = someone()
    key = asked(actor)

    def slow(task: Asked, progress: Progress) -> File:
        with at(now() + 2 * SILENT):
            assert actions.work(JOB, workers={"letter": letter}) == 1
        progress(2, 2)
        raise AssertionError("it went on")

    assert actions.work(JOB, workers={"letter": slow}) == 0
    assert queries.file(actor, task=key).name == "letter.txt"


def test_files_are_forgotten_in_time() -> None:
    actor = someone()
    key = asked(actor)
    actions.work(JOB, workers={"letter": letter})
    with at(now() + KEPT + timedelta(seconds=1)):
        actions.work(JOB, workers={})
    with pytest.raises(Missing):
        queries.task(actor, task=key)
