"""A forgotten password is set anew by a code; nobody learns who has an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from webapp.models import Delivery, Person
from webapp.services.accounts.codes import NotReachable
from webapp.services.accounts.contacts import refuse_mail
from webapp.services.accounts.identity import log_in
from webapp.services.accounts.passwords import WeakPassword
from webapp.services.accounts.recovery import NotRecovered, ask_code, set_anew
from webapp.services.accounts.secret_codes import secret_of
from webapp.services.accounts.throttles import TooManyTries

NEW = "何当共剪西窗烛却话巴山"
MOBILE = "13800000001"


@pytest.fixture
def dialect():
    """The codes' own tests run on both stores."""
    return "sqlite"


@pytest.fixture
def zhou(session, cast):
    return session.get_one(Person, cast.hengxin.person_id)


def ask(session, login, mobile, now):
    ask_code(session, login, mobile, now, "192.0.2.7")
    session.commit()


def sent(session):
    return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def code_in(session):
    return secret_of(sent(session)[-1].id, "code")


@pytest.mark.requirement("A07")
def test_the_code_sets_a_new_password(session, zhou, monday):
    ask(session, zhou.login, MOBILE, monday)

    set_anew(session, zhou.login, MOBILE, code_in(session), NEW, monday + timedelta(minutes=1))
    session.commit()

    assert log_in(session, zhou.login, NEW, "employer", "192.0.2.7", monday)
    assert code_in(session) not in sent(session)[-1].text


@pytest.mark.requirement("A04")
def test_a_graduate_recovers_in_the_same_way(session, cast, monday):
    person = session.get_one(Person, cast.lin.person_id)
    ask(session, person.login, MOBILE, monday)

    set_anew(session, person.login, MOBILE, code_in(session), NEW, monday)
    session.commit()

    assert log_in(session, person.login, NEW, "graduate", "192.0.2.7", monday)


@pytest.mark.requirement("A07")
def test_an_unknown_login_and_another_number_are_answered_alike_and_get_nothing(
    session, zhou, monday
):
    ask(session, "nobody", MOBILE, monday)
    ask(session, zhou.login, "13800000077", monday)

    assert sent(session) == []
    for login, mobile in (("nobody", MOBILE), (zhou.login, "13800000077")):
        with pytest.raises(NotRecovered) as refused:
            set_anew(session, login, mobile, "123456", NEW, monday)
        assert refused.value.story == NotRecovered.story


@pytest.mark.requirement("A07")
def test_a_wrong_or_used_code_says_the_same_as_an_unknown_login(session, zhou, monday):
    ask(session, zhou.login, MOBILE, monday)
    code = code_in(session)
    wrong = "000000" if code != "000000" else "111111"

    with pytest.raises(NotRecovered) as refused:
        set_anew(session, zhou.login, MOBILE, wrong, NEW, monday)
    set_anew(session, zhou.login, MOBILE, code, NEW, monday + timedelta(minutes=1))
    session.commit()

    assert refused.value.story == NotRecovered.story
    with pytest.raises(NotRecovered):
        set_anew(session, zhou.login, MOBILE, code, NEW + "了", monday + timedelta(minutes=2))


def test_a_code_is_not_used_up_by_a_weak_password(session, zhou, monday):
    ask(session, zhou.login, MOBILE, monday)

    with pytest.raises(WeakPassword):
        set_anew(session, zhou.login, MOBILE, code_in(session), "123", monday)

    set_anew(session, zhou.login, MOBILE, code_in(session), NEW, monday)


def test_asking_again_at_once_tells_nobody_that_the_account_is_there(session, zhou, monday):
    ask(session, zhou.login, MOBILE, monday)

    ask(session, zhou.login, MOBILE, monday + timedelta(seconds=5))

    assert len(sent(session)) == 1


def test_tries_are_slowed_down_whoever_asks(session, monday):
    for _ in range(5):
        ask(session, "nobody", MOBILE, monday)

    with pytest.raises(TooManyTries):
        ask(session, "nobody", MOBILE, monday)


def test_staff_do_not_recover_by_themselves(session, cast, monday):
    person = session.get_one(Person, cast.wu.person_id)

    ask(session, person.login, MOBILE, monday)

    assert sent(session) == []


MAIL = "zhou@example.com"


@pytest.fixture
def mailed(session, zhou):
    zhou.email = "Zhou@example.com"
    session.commit()
    return zhou


@pytest.mark.requirement("A07")
def test_the_code_comes_by_mail_to_who_asks_by_the_mail_address(session, mailed, monday):
    ask(session, mailed.login, f" {MAIL.upper()} ", monday)

    assert [(one.channel, one.address) for one in sent(session)] == [("mail", MAIL)]
    set_anew(session, mailed.login, MAIL, code_in(session), NEW, monday)
    session.commit()
    assert log_in(session, mailed.login, NEW, "employer", "192.0.2.7", monday)


@pytest.mark.requirement("A07")
def test_a_code_that_was_asked_for_comes_also_to_who_wants_no_notices_by_mail(
    session, cast, mailed, monday
):
    refuse_mail(session, cast.hengxin, True, monday)
    session.commit()

    ask(session, mailed.login, MAIL, monday)

    assert [one.channel for one in sent(session)] == ["mail"]


@pytest.mark.requirement("A07")
def test_another_address_gets_nothing_and_a_mailed_code_is_good_for_no_number(
    session, mailed, monday
):
    ask(session, mailed.login, "else@example.com", monday)
    assert sent(session) == []

    ask(session, mailed.login, MAIL, monday)
    with pytest.raises(NotRecovered):
        set_anew(session, mailed.login, MOBILE, code_in(session), NEW, monday)


@pytest.mark.parametrize("typed", ["zhou@", "@example.com", "a@b", "a b@example.com", "12345", ""])
def test_what_is_neither_number_nor_address_is_told(session, mailed, monday, typed):
    with pytest.raises(NotReachable):
        ask(session, mailed.login, typed, monday)
