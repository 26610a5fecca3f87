"""Tokens, writes that happen once, and limits that hold over processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.access import actions, queries, rules
from countyfair.registers.access.actions import Told
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from tests.databases import empty


def a_token(actor: Actor, *scopes: str, days: int = 30, with_factor: bool = True) -> actions.Made:
    return actions.make_token(
        actor,
        token=uuid7(),
        name="样例程序",
        scopes=scopes or ("own.read",),
        days=days,
        with_factor=with_factor,
    )


@pytest.mark.django_db
def test_a_token_opens_until_it_is_over_and_its_text_is_kept_nowhere() -> None:
    person = an_actor()
    made = a_token(person, "own.read", "own.write", days=1)
    found = queries.bearer(made.secret)
    assert found is not None
    assert (found.token, found.user, found.scopes) == (made.id, person.user_id, ["own.read", "own.write"])
    assert queries.bearer(made.secret + "x") is None
    kept = scalar("SELECT string_agg(t::text, '') FROM access_token t") or ""
    changes = scalar("SELECT string_agg(c::text, '') FROM kernel_change c") or ""
    assert made.secret not in f"{kept}{changes}"
    assert rules.digest(made.secret) not in str(changes)
    with at(now() + timedelta(days=2)):
        assert queries.bearer(made.secret) is None
        assert queries.tokens(person) == []


@pytest.mark.django_db
def test_a_revoked_token_opens_nothing_and_only_its_person_revokes_it() -> None:
    person, stranger = an_actor(), an_actor()
    made = a_token(person)
    with pytest.raises(Missing):
        actions.revoke_token(stranger, token=made.id)
    assert queries.bearer(made.secret) is not None
    assert queries.tokens(stranger) == []
    actions.revoke_token(person, token=made.id)
    assert queries.bearer(made.secret) is None
    with pytest.raises(Missing):
        actions.revoke_token(person, token=made.id)


@pytest.mark.django_db
def test_a_form_sent_twice_makes_one_token() -> None:
    person, key = an_actor(), uuid7()
    given: dict[str, Any] = {
        "token": key,
        "name": "样例",
        "scopes": ["own.read"],
        "days": 1,
        "with_factor": False,
    }
    actions.make_token(person, **given)
    with pytest.raises(Conflict):
        actions.make_token(person, **given)
    assert len(queries.tokens(person)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"), ({"name": "长" * 61}, "name"), ({"scopes": []}, "scopes"),
        ({"scopes": ["own.read", "role.grant"]}, "scopes"), ({"days": 0}, "days"), ({"days": 367}, "days"),
    ],
)  # fmt: skip
def test_a_token_needs_a_name_scopes_and_an_end(changed: dict[str, object], field: str) -> None:
    given: dict[str, Any] = {
        "name": "样例",
        "scopes": ["own.read"],
        "days": 1,
        "with_factor": False,
        **changed,
    }
    with pytest.raises(Invalid) as refused:
        actions.make_token(an_actor(), token=uuid7(), **given)
    assert refused.value.field == field


def test_a_token_does_no_more_than_its_scopes_and_no_more_than_its_person() -> None:
    agent = Actor("user:x", None, ())
    assert rules.narrowed(agent, ["orders.write"], with_factor=True).grants == ()


@pytest.mark.django_db
def test_scopes_cut_powers_and_roles_count_only_with_a_second_factor() -> None:
    staff = an_actor("centre_staff")
    narrow = rules.narrowed(staff, ["stock.read"], with_factor=True)
    assert narrow.may("stock.read", place="450225")
    assert not narrow.may("stock.correct", place="450225")
    assert not narrow.may("orders.read", place="450225")
    assert rules.narrowed(staff, ["stock.read"], with_factor=False).grants == ()
    buyer = rules.narrowed(an_actor(), rules.SCOPES, with_factor=True)
    assert buyer.grants == ()
    assert "stock.read" in rules.scopes_for(staff)
    assert rules.scopes_for(buyer) == ("own.read", "own.write")


@pytest.mark.django_db
def test_a_write_under_one_key_happens_once_and_is_answered_alike() -> None:
    done: list[int] = []

    def work() -> Told:
        done.append(1)
        return Told(201, '{"说":1}', '"v1"')

    given = {"owner": "token:a", "key": "k", "content": "c"}
    first = actions.once(SYSTEM, **given, work=work)
    assert actions.once(SYSTEM, **given, work=work) == first
    assert len(done) == 1
    with pytest.raises(Conflict):
        actions.once(SYSTEM, owner="token:a", key="k", content="other", work=work)
    actions.once(SYSTEM, owner="token:b", key="k", content="other", work=work)
    assert len(done) == 2
    assert "说" not in str(scalar("SELECT string_agg(body, '') FROM access_answer"))
    with at(now() + timedelta(hours=25)):
        assert actions.forget_old(SYSTEM) == 2
    with pytest.raises(Forbidden):
        actions.forget_old(an_actor())


@pytest.mark.django_db
def test_what_is_refused_leaves_the_key_free() -> None:
    def refuses() -> Told:
        raise Invalid("no")

    given = {"owner": "token:a", "key": "k"}
    with pytest.raises(Invalid):
        actions.once(SYSTEM, **given, content="c", work=refuses)
    assert actions.once(SYSTEM, **given, content="d", work=lambda: Told(200, "{}")).status == 200


@pytest.mark.django_db(transaction=True)
def test_two_writes_at_once_under_one_key_are_one() -> None:
    done: list[int] = []
    answers: list[Told] = []
    meet = threading.Barrier(2)

    def work() -> Told:
        done.append(1)
        return Told(201, f'{{"n":{len(done)}}}')

    def call() -> None:
        meet.wait()
        answers.append(actions.once(SYSTEM, owner="token:a", key="k", content="c", work=work))
        connection.close()

    _together(call, call)
    assert len(done) == 1
    assert answers[0] == answers[1]
    empty()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_the_limit() -> None:
    begins, granted = now(), list[int]()

    def take() -> None:
        for _ in range(10):
            granted.append(actions.take(subject="s", begins=begins, amount=7, most=100))
        connection.close()

    _together(take, take, take)
    assert sum(granted) == 100
    assert min(granted) == 0
    empty()


def _together(*calls: Callable[[], None]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
