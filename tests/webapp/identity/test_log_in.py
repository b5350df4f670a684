"""Coming in: activation codes, passwords, doors, and what slows a guesser down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from webapp.errors import NotAllowed, NotYours
from webapp.models import Membership, Person, Throttle
from webapp.services.accounts import identity, passwords
from webapp.services.accounts.identity import (
    LogInRefused,
    WrongDoor,
    add_person,
    block_person,
    change_password,
    confirm_base_data,
    log_in,
    reset_password,
)
from webapp.services.accounts.passwords import WeakPassword
from webapp.services.accounts.throttles import ADDRESS, LOGIN, TooManyTries

HOME = "192.0.2.1"
GOOD = "青禾大学里有一棵大树"


@pytest.fixture
def lin_account(session, cast, monday):
    """Lin with an activation code, as an import leaves her: (person, code)."""
    person = session.get_one(Person, cast.lin.person_id)
    person.login = "109992023001"
    person.password_hash, code = passwords.new_activation(person.id, monday)
    session.commit()
    return person, code


@pytest.fixture
def lin_active(session, lin_account, monday):
    person, _ = lin_account
    change_password(session, person.id, "", GOOD, monday)
    session.commit()
    return person


def fail(session, login: str, now, times: int = 1, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_in(session, login, "wrong password", "graduate", address, now)


@pytest.mark.requirement("A03")
def test_an_activation_code_lets_in_and_asks_for_a_password(session, cast, lin_account, monday):
    person, code = lin_account

    (actor,) = log_in(session, person.login, code, "graduate", HOME, monday)

    assert actor == cast.lin
    assert person.must_change_password


def test_an_activation_code_may_be_typed_in_small_letters_without_dashes(
    session, lin_account, monday
):
    person, code = lin_account

    typed = f" {code.replace('-', ' ').lower()} "

    assert log_in(session, person.login, typed, "graduate", HOME, monday)


@pytest.mark.requirement("A03")
def test_the_first_password_ends_the_activation_code(session, lin_account, monday):
    person, code = lin_account
    change_password(session, person.id, "", GOOD, monday)

    with pytest.raises(LogInRefused):
        log_in(session, person.login, code, "graduate", HOME, monday)

    assert log_in(session, person.login, GOOD, "graduate", HOME, monday)
    assert not person.must_change_password


def test_an_activation_code_expires(session, lin_account, monday):
    person, code = lin_account

    with pytest.raises(LogInRefused):
        log_in(session, person.login, code, "graduate", HOME, monday + passwords.CODE_LIVES)


def test_the_code_of_one_person_does_not_open_another(session, lin_account, cast, monday):
    _, code = lin_account
    other = session.get_one(Person, cast.nils.person_id)
    other.password_hash = lin_account[0].password_hash
    session.commit()

    with pytest.raises(LogInRefused):
        log_in(session, other.login, code, "graduate", HOME, monday)


def test_an_unknown_login_and_a_wrong_password_get_the_same_words(session, lin_active, monday):
    with pytest.raises(LogInRefused) as unknown:
        log_in(session, "nobody", GOOD, "graduate", HOME, monday)
    with pytest.raises(LogInRefused) as wrong:
        log_in(session, lin_active.login, "wrong password", "graduate", HOME, monday)

    assert (unknown.value.story, unknown.value.way_out) == (wrong.value.story, wrong.value.way_out)
    assert type(unknown.value) is type(wrong.value)


@pytest.mark.parametrize("who", ["active", "activation", "unknown", "blocked"])
def test_every_refusal_costs_one_password_computation(
    session, lin_account, cast, monday, monkeypatch, who
):
    person, _ = lin_account
    if who in ("active", "blocked"):
        change_password(session, person.id, "", GOOD, monday)
    if who == "blocked":
        person.blocked_at = monday
    session.commit()
    passwords._nobody()
    computed = []

    class Counting(PasswordHasher):
        def verify(self, *given):
            computed.append(given)
            return super().verify(*given)

    monkeypatch.setattr(passwords, "hasher", Counting())
    with pytest.raises(LogInRefused):
        log_in(session, "x" if who == "unknown" else person.login, "no", "graduate", HOME, monday)

    assert len(computed) == 1


def test_full_width_digits_find_the_same_login(session, lin_active, monday):
    assert log_in(session, "１０９９９２０２３００１", GOOD, "graduate", HOME, monday)


def test_another_door_is_only_named_to_who_has_the_password(session, lin_active, monday):
    with pytest.raises(WrongDoor):
        log_in(session, lin_active.login, GOOD, "school", HOME, monday)
    with pytest.raises(LogInRefused) as wrong:
        log_in(session, lin_active.login, "wrong password", "school", HOME, monday)

    assert type(wrong.value) is LogInRefused


def test_a_blocked_person_stays_outside(session, cast, lin_active, monday):
    block_person(session, cast.ada, lin_active.id, monday)
    session.commit()

    with pytest.raises(LogInRefused):
        log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)


def test_guessing_is_slowed_down_more_and_more(session, lin_active, monday):
    fail(session, lin_active.login, monday, LOGIN.free)

    waits, now = [], monday
    for _ in range(4):
        with pytest.raises(TooManyTries) as slowed:
            log_in(session, lin_active.login, "wrong password", "graduate", HOME, now)
        waits.append(slowed.value.wait)
        now += slowed.value.wait
        fail(session, lin_active.login, now)

    assert waits == [timedelta(seconds=s) for s in (5, 10, 20, 40)]


def test_even_the_right_password_waits_out_the_pause(session, lin_active, monday):
    fail(session, lin_active.login, monday, LOGIN.free)

    with pytest.raises(TooManyTries):
        log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)

    later = monday + timedelta(seconds=5)
    assert log_in(session, lin_active.login, GOOD, "graduate", HOME, later)


def test_unknown_logins_are_slowed_down_alike(session, monday):
    fail(session, "nobody", monday, LOGIN.free)

    with pytest.raises(TooManyTries):
        log_in(session, "NOBODY ", "x", "graduate", HOME, monday)


def test_a_failed_try_counts_although_the_request_is_undone(session, sessions, lin_active, monday):
    fail(session, lin_active.login, monday, 3)
    session.rollback()

    with sessions() as another:
        counts = {row.key.split(":")[0]: row.count for row in another.scalars(select(Throttle))}
    assert counts == {"login": 3, "address": 3}


def test_a_success_forgets_the_login_but_not_the_others_tries_of_its_address(
    session, lin_active, monday
):
    fail(session, lin_active.login, monday, 2)
    fail(session, "nobody", monday, 2)

    log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)
    session.commit()

    counts = sorted((row.key.split(":")[0], row.count) for row in session.scalars(select(Throttle)))
    assert counts == [("address", 4), ("login", 2)]


def test_one_address_that_tries_many_logins_is_slowed_down(session, monday, monkeypatch):
    monkeypatch.setattr(identity, "verify", lambda *_: False)
    for number in range(ADDRESS.free):
        fail(session, f"nobody{number}", monday)

    with pytest.raises(TooManyTries):
        log_in(session, "somebody else", "x", "graduate", HOME, monday)
    fail(session, "somebody else", monday, address="192.0.2.2")


def test_throttles_keep_no_login_in_plain_text(session, lin_active, monday):
    fail(session, lin_active.login, monday)

    assert lin_active.login not in " ".join(session.scalars(select(Throttle.key)))


def test_weaker_parameters_are_replaced_at_the_next_log_in(
    session, lin_active, monday, slow_passwords
):
    lin_active.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    session.commit()
    before = lin_active.password_changed_at

    log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)
    session.commit()

    assert not passwords.needs_rehash(lin_active.password_hash)
    assert lin_active.password_changed_at == before


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "10 个字符"),
        ("109992023001abc", "登录名"),
        ("1234567890", "太常见"),
        ("aaaaaaaaaaaa", "太常见"),
        ("1qaz2wsx3edc", "太常见"),
        ("林知夏20050312", "姓名"),
        ("x" * 201, "最多"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(session, lin_account, monday, password, why):
    person, _ = lin_account

    with pytest.raises(WeakPassword) as refused:
        change_password(session, person.id, "", password, monday)

    assert why in refused.value.story


def test_changing_a_password_needs_the_old_one(session, lin_active, monday):
    with pytest.raises(LogInRefused):
        change_password(session, lin_active.id, "wrong", "另一棵还要更大的大树", monday)
    session.rollback()

    assert log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)


def test_guessing_the_old_password_is_slowed_down_too(session, lin_active, monday):
    for _ in range(LOGIN.free):
        with pytest.raises(LogInRefused):
            change_password(session, lin_active.id, "wrong", "另一棵还要更大的大树", monday)
        session.rollback()

    with pytest.raises(TooManyTries):
        change_password(session, lin_active.id, GOOD, "另一棵还要更大的大树", monday)


def test_a_new_password_moves_the_stamp_that_visits_carry(session, lin_active, monday):
    later = monday + timedelta(hours=1)

    change_password(session, lin_active.id, GOOD, "另一棵还要更大的大树", later)
    session.commit()

    assert lin_active.password_changed_at == later


def test_an_admin_resets_a_password_to_a_code_shown_once(session, cast, lin_active, monday):
    code = reset_password(session, cast.ada, lin_active.id, monday)
    session.commit()

    assert code not in lin_active.password_hash
    assert lin_active.must_change_password
    with pytest.raises(LogInRefused):
        log_in(session, lin_active.login, GOOD, "graduate", HOME, monday)
    assert log_in(session, lin_active.login, code, "graduate", HOME, monday)


def test_a_reset_also_ends_the_pause_of_who_guessed_too_often(session, cast, lin_active, monday):
    fail(session, lin_active.login, monday, LOGIN.free)

    code = reset_password(session, cast.ada, lin_active.id, monday)
    session.commit()

    assert log_in(session, lin_active.login, code, "graduate", HOME, monday)


def test_nobody_resets_people_of_another_school(session, cast, monday):
    with pytest.raises(NotYours):
        reset_password(session, cast.ada, cast.nils.person_id, monday)


def test_somebody_with_a_role_elsewhere_is_not_in_one_schools_hands(session, cast, monday):
    elsewhere = cast.make.school("云杭学院", "10998")
    session.add(Membership(person_id=cast.wu.person_id, role="office", school_id=elsewhere.id))
    session.commit()

    with pytest.raises(NotYours):
        reset_password(session, cast.ada, cast.wu.person_id, monday)


@pytest.mark.parametrize("who", ["lin", "hengxin", "rao"])
def test_only_the_office_and_the_admin_reset(session, cast, monday, who):
    with pytest.raises(NotAllowed):
        reset_password(session, getattr(cast, who), cast.lin.person_id, monday)


def test_the_office_resets_graduates_but_not_the_admin(session, cast, monday):
    assert reset_password(session, cast.wu, cast.lin.person_id, monday)
    with pytest.raises(NotAllowed):
        reset_password(session, cast.wu, cast.ada.person_id, monday)


@pytest.mark.requirement("B01")
def test_confirming_the_base_data_twice_keeps_the_first_moment(session, cast, monday):
    cast.graduate.base_data_confirmed_at = None
    session.commit()

    confirm_base_data(session, cast.lin, monday)
    session.commit()
    confirm_base_data(session, cast.lin, monday + timedelta(days=1))
    session.commit()

    assert cast.graduate.base_data_confirmed_at == monday


def test_only_the_graduate_confirms_the_own_base_data(session, cast, monday):
    with pytest.raises(NotAllowed):
        confirm_base_data(session, cast.rao, monday)


def test_a_new_member_of_staff_starts_with_a_code(session, cast, monday):
    person, code = add_person(
        session, "newrao", "新饶老师", "reviewer", monday,
        school_id=cast.school.id, college_id=cast.college.id,
    )  # fmt: skip
    session.commit()

    (actor,) = log_in(session, "newrao", code, "school", HOME, monday)

    assert (actor.person_id, actor.role) == (person.id, "reviewer")
