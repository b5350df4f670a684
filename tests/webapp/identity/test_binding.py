"""A graduate binds the own record once; the office releases it; nobody learns who is bound."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.errors import NotAllowed, NotYours
from webapp.models import Audit, Binding, Person
from webapp.services.accounts import bindings
from webapp.services.accounts.bindings import (
    BoundAlready,
    NotBound,
    bind,
    find_vouched,
    release,
    vouch,
)
from webapp.services.accounts.identity import change_password, log_in, reset_password
from webapp.services.accounts.identity_providers import Identity

ID_NO = "11010519491231002X"
PASSWORD = "何当共剪西窗烛却话巴山"


@pytest.fixture
def lin(session, cast):
    """Lin as imported: nobody has come in yet."""
    cast.graduate.id_no = ID_NO
    person = session.get_one(Person, cast.lin.person_id)
    person.password_hash, person.must_change_password = "", True
    session.commit()
    return person


def come_in(session, cast, now, **changed):
    four = {
        "school_code": cast.school.code,
        "name": "林知夏",
        "student_no": cast.graduate.student_no,
        "id_no": ID_NO,
    }
    actor = bind(session, **{**four, **changed}, now=now)
    session.commit()
    return actor


@pytest.mark.requirement("A01", "A03")
def test_the_four_open_the_record_and_ask_for_a_password(session, cast, lin, monday):
    actor = come_in(session, cast, monday, id_no=" 11010519491231002x ")

    change_password(session, lin.id, "", PASSWORD, monday + timedelta(minutes=1))
    session.commit()

    assert actor.graduate_id == cast.graduate.id
    assert log_in(session, lin.login, PASSWORD, "graduate", "192.0.2.1", monday)
    binding = session.scalars(select(Binding)).one()
    assert (binding.provider, binding.graduate_id) == ("local", cast.graduate.id)
    assert "record_bound" in session.scalars(select(Audit.act)).all()


@pytest.mark.requirement("A01")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "林知霞"},
        {"student_no": "20239"},
        {"id_no": "110105194912310038"},
        {"school_code": "10002"},
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_three_of_four_are_not_enough_and_none_is_named(session, cast, lin, monday, wrong):
    with pytest.raises(NotBound) as refused:
        come_in(session, cast, monday, **wrong)

    assert refused.value.story == NotBound.story


@pytest.mark.requirement("A01")
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_record_without_identity_number_cannot_be_bound(session, cast, lin, monday):
    cast.graduate.id_no = ""
    session.commit()

    with pytest.raises(NotBound):
        come_in(session, cast, monday, id_no="")


@pytest.mark.requirement("A01")
def test_a_bound_record_is_not_bound_again(session, cast, lin, monday):
    come_in(session, cast, monday)
    come_in(session, cast, monday + timedelta(minutes=5))  # left before setting a password
    change_password(session, lin.id, "", PASSWORD, monday + timedelta(minutes=6))
    session.commit()

    with pytest.raises(BoundAlready):
        come_in(session, cast, monday + timedelta(hours=1))
    assert session.scalar(select(func.count(Binding.id))) == 1


@pytest.mark.requirement("A01")
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_reset_password_is_set_by_the_offices_code_not_by_binding(session, cast, lin, monday):
    come_in(session, cast, monday)
    change_password(session, lin.id, "", PASSWORD, monday + timedelta(minutes=1))
    session.commit()

    reset_password(session, cast.wu, lin.id, monday + timedelta(hours=1))
    session.commit()

    with pytest.raises(BoundAlready):
        come_in(session, cast, monday + timedelta(hours=2))


@pytest.mark.requirement("A02")
def test_the_office_releases_and_the_right_person_binds(session, cast, lin, monday):
    come_in(session, cast, monday)
    change_password(session, lin.id, "", PASSWORD, monday + timedelta(minutes=1))
    session.commit()

    release(session, cast.wu, cast.graduate.id, monday + timedelta(hours=1))
    session.commit()

    assert not bindings.is_bound(session, cast.graduate, session.get_one(Person, lin.id))
    told = session.scalars(select(Audit).where(Audit.act == "binding_released")).one()
    assert (told.person_id, told.about_id) == (cast.wu.person_id, lin.id)
    assert come_in(session, cast, monday + timedelta(hours=2)).graduate_id == cast.graduate.id
    assert session.scalar(select(func.count(Binding.id)).where(Binding.released_at.is_(None))) == 1


@pytest.mark.requirement("A02")
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_only_the_own_office_releases(session, cast, lin, monday):
    elsewhere = cast.make.actor(
        cast.make.person("外校老师"), "office", school_id=cast.nils.school_id
    )
    session.commit()

    for actor in (cast.rao, cast.ada, cast.lin):
        with pytest.raises(NotAllowed):
            release(session, actor, cast.graduate.id, monday)
    with pytest.raises(NotYours):
        release(session, elsewhere, cast.graduate.id, monday)


@pytest.mark.requirement("A01")
def test_two_who_bind_at_once_leave_one_binding(sessions, session, cast, lin, monday):
    def act(session):
        come_in(session, cast, monday)

    race(sessions, [act, act])

    assert session.scalar(select(func.count(Binding.id))) == 1


@pytest.mark.requirement("A04")
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_an_outside_identity_opens_the_record_it_was_bound_to(session, cast, monday):
    lin = Identity("chsi", "openid-1")
    assert find_vouched(session, lin) is None

    vouch(session, cast.lin, lin, monday)
    session.commit()

    found = find_vouched(session, lin)
    assert found is not None
    assert found.graduate_id == cast.graduate.id
    with pytest.raises(BoundAlready):
        vouch(session, cast.nils, lin, monday)
    release(session, cast.wu, cast.graduate.id, monday)
    assert find_vouched(session, lin) is None
