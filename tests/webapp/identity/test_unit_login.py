"""An employer that registered before comes in by the unit's name and its old password (A05)."""

from __future__ import annotations

import pytest

from webapp.models import Person
from webapp.services.accounts.identity import LogInRefused, log_in
from webapp.services.accounts.passwords import hash_password

PASSWORD = "何当共剪西窗烛却话巴山"


@pytest.fixture
def dialect():
    """A look-up by name and nothing that a store decides."""
    return "sqlite"


@pytest.fixture
def old_account(session, cast):
    person = session.get_one(Person, cast.hengxin.person_id)
    person.password_hash, person.must_change_password = hash_password(PASSWORD), False
    session.commit()
    return cast.employer.name


def enter(session, login, now, door="employer"):
    return log_in(session, login, PASSWORD, door, "192.0.2.9", now)


@pytest.mark.requirement("A05")
def test_the_units_name_opens_its_account(session, cast, old_account, monday):
    (actor,) = enter(session, old_account, monday)

    assert actor.employer_id == cast.employer.id


@pytest.mark.requirement("A05")
def test_a_name_that_two_units_share_opens_none(session, cast, old_account, monday):
    cast.make.employer(old_account)
    session.commit()

    with pytest.raises(LogInRefused):
        enter(session, old_account, monday)


def test_the_name_opens_no_other_door(session, old_account, monday):
    with pytest.raises(LogInRefused):
        enter(session, old_account, monday, door="school")
