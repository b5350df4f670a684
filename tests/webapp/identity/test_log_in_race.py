"""Many who log in at the same moment: a morning in June, on a store with one writer."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.models import Audit, Person, Throttle
from webapp.services.accounts.identity import LogInRefused, log_in
from webapp.services.accounts.passwords import hash_password
from webapp.services.accounts.throttles import ADDRESS, count_try, forgive, take_back

PASSWORD = "a sentence to remember"


@pytest.fixture
def logins(session, cast):
    people = [session.get_one(Person, one.person_id) for one in (cast.lin, cast.nils)]
    for person in people:
        person.password_hash = hash_password(PASSWORD)
    session.commit()
    return [person.login for person in people]


def test_nobody_is_turned_away_because_others_come_in_too(sessions, session, logins, monday):
    results = race(
        sessions,
        [
            lambda s, login=login, word=word: log_in(s, login, word, "graduate", "campus", monday)
            for login in logins
            for word in (PASSWORD, PASSWORD, "wrong")
        ],
    )

    wrong = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in wrong] == [LogInRefused, LogInRefused]
    acts = select(Audit.act, func.count()).group_by(Audit.act)
    assert dict(list(session.execute(acts))) == {"log_in": 4, "log_in_refused": 2}


def test_who_succeeds_at_the_same_moment_waits_for_nobody_in_a_circle(sessions, session, monday):
    """One guest's card behind one address, tried by many at once."""
    keys = {"card:1": ADDRESS, "card-from:campus": ADDRESS}

    def succeed(session):
        for _ in range(5):
            count_try(session, keys, monday)
            take_back(session, *keys)
            session.commit()

    assert race(sessions, [succeed] * 6) == [None] * 6
    assert set(session.scalars(select(Throttle.count))) == {0}


def test_a_try_is_counted_although_its_key_is_forgiven_meanwhile(sessions, monday):
    def succeed(session):
        for _ in range(10):
            count_try(session, {"login:lin": ADDRESS}, monday)
            forgive(session, "login:lin")
            session.commit()

    assert race(sessions, [succeed] * 6) == [None] * 6
