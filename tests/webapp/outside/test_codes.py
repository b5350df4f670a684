"""One-time codes: sent once, used once, five tries, five minutes, stored nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import select

from webapp.models import Delivery, OneTimeCode, Person
from webapp.services.accounts import codes, identity
from webapp.services.accounts.codes import CodeExpired, NotAMobile, SentJustNow, WrongCode
from webapp.services.notices import outbox

MOBILE = "13800000009"
FOR = "guest:a1"


class Phone:
    """Keeps what was sent to it."""

    is_connected = True

    def __init__(self):
        self.messages = []

    def send(self, message):
        self.messages.append(message)

    @property
    def code(self):
        return self.messages[-1].text.split("验证码 ")[1][:6]


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def send(session, sessions, monday, phone):
    def send(now=monday, purpose=FOR, mobile=MOBILE, **more):
        codes.send_code(session, mobile, purpose, now, **more)
        session.commit()
        outbox.send_due(sessions, now, {"sms": phone})
        return phone.code

    return send


def check(session, typed, now, purpose=FOR, mobile=MOBILE):
    codes.check_code(session, mobile, purpose, typed, now)
    session.commit()


def test_a_code_passes_once(session, monday, send):
    code = send()

    check(session, f" {code[:3]} {code[3:]}", monday + timedelta(minutes=4))

    with pytest.raises(CodeExpired):
        check(session, code, monday + timedelta(minutes=4))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_two_at_once_use_a_code_once(sessions, monday, send):
    code = send()

    def use(session):
        try:
            check(session, code, monday)
        except CodeExpired:
            return "over"
        return "passed"

    assert sorted(race(sessions, [use] * 2)) == ["over", "passed"]


def test_a_code_serves_its_purpose_and_its_number_alone(session, monday, send):
    code = send()

    for other in ({"purpose": "guest:b2"}, {"mobile": "13800000008"}):
        with pytest.raises(CodeExpired):
            check(session, code, monday, **other)


def test_five_wrong_tries_end_a_code(session, monday, send):
    code = send()
    wrong = "000000" if code != "000000" else "111111"
    left = []
    for _ in range(4):
        with pytest.raises(WrongCode) as caught:
            check(session, wrong, monday)
        left.append(caught.value.left)
    with pytest.raises(CodeExpired):
        check(session, wrong, monday)

    with pytest.raises(CodeExpired):
        check(session, code, monday)
    assert left == [4, 3, 2, 1]


def test_a_code_ends_after_five_minutes_and_with_the_next_one(session, monday, send):
    first = send()
    second = send(monday + timedelta(minutes=2))

    if first != second:
        with pytest.raises(WrongCode):
            check(session, first, monday + timedelta(minutes=3))
    with pytest.raises(CodeExpired):
        check(session, second, monday + timedelta(minutes=7))


def test_a_number_gets_one_message_a_minute_whatever_for(session, monday, send):
    send()

    with pytest.raises(SentJustNow, match="60 秒"):
        send(purpose="recover")
    send(monday + timedelta(seconds=61), purpose="recover")
    with pytest.raises(SentJustNow):
        send(monday + timedelta(seconds=122))


def test_one_address_cannot_write_to_the_whole_town(monday, send):
    for number in range(30):
        send(mobile=f"139000000{number:02}", address="10.0.0.1")

    with pytest.raises(SentJustNow):
        send(mobile="13900000099", address="10.0.0.1")


@pytest.mark.parametrize(
    "typed", ["", "12345678901", "1380000000", "+8613800000009x", "１３８０００００００９"]
)
def test_what_is_no_number_gets_no_message(session, monday, typed):
    with pytest.raises(NotAMobile):
        codes.send_code(session, typed, FOR, monday)


def test_a_code_is_stored_nowhere(session, send):
    code = send()

    delivery = session.scalars(select(Delivery)).one()
    kept = session.scalars(select(OneTimeCode)).one()
    assert code not in delivery.text + delivery.story
    assert code not in kept.code_hash + kept.place
    assert MOBILE not in kept.place


def test_a_code_that_could_not_leave_in_time_is_not_sent_later(session, sessions, monday, phone):
    codes.send_code(session, MOBILE, FOR, monday)
    session.commit()

    outbox.send_due(sessions, monday + timedelta(minutes=6), {"sms": phone})

    assert phone.messages == []
    assert session.scalars(select(Delivery.state)).one() == "failed"


@pytest.mark.requirement("A03")
def test_a_first_password_by_text_message_opens_the_account(session, sessions, cast, monday, phone):
    person = session.get_one(Person, cast.lin.person_id)
    codes.send_activation(session, person, monday, mobile="138 0000 0009", what="账号已开通")
    session.commit()
    outbox.send_due(sessions, monday, {"sms": phone})
    secret = phone.messages[0].text.split("激活码 ")[1].split("，")[0]

    identity.log_in(session, person.login, secret, "graduate", "", monday)

    assert person.must_change_password
    assert secret.replace("-", "") not in person.password_hash
