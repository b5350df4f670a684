"""Coming in: three doors, the first password, the gate of the base data."""

from __future__ import annotations

import re

import pytest

from webapp.models import Graduate, Person
from webapp.services.accounts.identity import new_activation
from webapp.services.accounts.passwords import hash_password

PASSWORD = "a sentence to remember"


@pytest.fixture
def lin_with_password(session, cast, clock):
    person = session.get_one(Person, cast.lin.person_id)
    person.password_hash = hash_password(PASSWORD)
    person.must_change_password = False
    session.commit()
    return person


def log_in(client, login, password=PASSWORD, door="graduate", **more):
    return client.post("/login", data={"login": login, "password": password, "door": door, **more})


def test_a_graduate_comes_in_by_the_right_door(visit, lin_with_password):
    client = visit(None)

    answer = log_in(client, lin_with_password.login)

    assert answer.status_code == 303
    assert "林知夏" in client.get("/home").text


def test_a_wrong_password_shows_the_doors_again_with_the_typed_login(visit, lin_with_password):
    answer = log_in(visit(None), lin_with_password.login, "something else")

    assert answer.status_code == 401
    assert f'value="{lin_with_password.login}"' in answer.text
    assert "登录名或密码不对" in answer.text
    assert "something else" not in answer.text


def test_an_unknown_login_reads_the_same_as_a_wrong_password(visit, lin_with_password):
    unknown = log_in(visit(None), "nobody1")
    wrong = log_in(visit(None), lin_with_password.login, "x")

    assert problem_of(unknown) == problem_of(wrong)
    assert unknown.status_code == wrong.status_code


def problem_of(answer):
    return re.findall(r'<p class="msg".*?</p>', answer.text)


def test_many_tries_have_to_wait(visit, lin_with_password):
    client = visit(None)

    answers = [log_in(client, lin_with_password.login, "wrong").status_code for _ in range(7)]

    assert answers[0] == 401
    assert answers[-1] == 429


def test_after_logging_in_one_goes_on_where_one_wanted_but_never_to_another_site(
    visit, lin_with_password
):
    inside = log_in(visit(None), lin_with_password.login, next="/notices")
    outside = log_in(visit(None), lin_with_password.login, next="//evil.example/x")

    assert inside.location == "/notices"
    assert outside.location == "/"


@pytest.mark.requirement("A03")
def test_the_first_password_comes_before_everything_else(visit, session, cast, clock):
    person = session.get_one(Person, cast.rao.person_id)
    person.password_hash, code = new_activation(person.id, clock.now)
    person.must_change_password = True
    session.commit()
    client = visit(None)

    log_in(client, person.login, code, door="school")
    stopped = client.get("/review")
    saved = client.post("/account/password", data={"new": PASSWORD, "again": PASSWORD})

    assert stopped.location == "/account/password"
    assert saved.status_code == 303
    assert client.get("/review").status_code == 200


def test_a_password_typed_differently_twice_is_not_taken(visit, cast):
    answer = visit(cast.lin).post(
        "/account/password", data={"old": "x", "new": PASSWORD, "again": "other"}
    )

    assert answer.status_code == 422
    assert "两次输入的新密码不一样" in answer.text


@pytest.mark.requirement("B01")
def test_nothing_opens_before_the_base_data_are_confirmed(visit, session, cast, clock):
    graduate = session.get_one(Graduate, cast.graduate.id)
    graduate.base_data_confirmed_at = None
    session.commit()
    client = visit(cast.lin)

    for address in ("/home", "/cases", "/notices", "/account", "/inbox"):
        assert client.get(address).location == "/account/base-data", address


@pytest.mark.requirement("B01", "B02", "A24")
def test_confirming_the_base_data_opens_the_system_once_and_for_all(visit, session, cast, clock):
    graduate = session.get_one(Graduate, cast.graduate.id)
    graduate.base_data_confirmed_at = None
    session.commit()
    client = visit(cast.lin)

    page = client.get("/account/base-data").text
    client.post("/account/base-data")
    client.post("/account/base-data")

    assert "信息确认无误，进入系统" in page
    assert "学信网" in page
    assert client.get("/home").status_code == 200
    session.rollback()
    assert graduate.base_data_confirmed_at == clock.now


def test_going_out_ends_the_visit(visit, cast):
    client = visit(cast.lin)

    client.post("/logout")

    assert client.get("/home").location.startswith("/login")


def test_a_blocked_person_is_outside_with_the_next_page(visit, session, cast, clock):
    client = visit(cast.lin)
    session.get_one(Person, cast.lin.person_id).blocked_at = clock.now
    session.commit()

    assert client.get("/home").location.startswith("/login")
