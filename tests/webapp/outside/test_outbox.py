"""What happened is told in the inbox; what leaves the house goes once, late or visibly not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import select

from tests.webapp.services.conftest import Story, published  # noqa: F401
from webapp.models import Contact, Delivery, Notification, Person, School
from webapp.services.accounts import contacts
from webapp.services.cases import sweep
from webapp.services.notices import notices, outbox
from webapp.services.notices.channels import NotSent

BOTH = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])


class Recorder:
    """A channel that keeps what it is given; `problem` is raised instead."""

    is_connected = True

    def __init__(self):
        self.messages, self.problem = [], None

    def send(self, message):
        if self.problem:
            raise self.problem
        self.messages.append(message)


@pytest.fixture
def ways():
    return {name: Recorder() for name in ("mail", "sms", "wechat")}


@pytest.fixture
def story(session, cast, monday, published):  # noqa: F811
    """Lin can be reached in every way."""
    lin = session.get_one(Person, cast.lin.person_id)
    lin.mobile, lin.email = "13911111111", "lin@example.com"
    session.add(Contact(person_id=lin.id, openid="lin-at-wechat", bound_at=monday))
    session.commit()
    return Story(session, cast, monday)


@pytest.fixture
def leave(sessions, monday, ways):
    """A round of the outbox at a moment."""

    def leave(now=monday):
        notices.pass_on(sessions, now)
        return outbox.send_due(sessions, now, ways)

    return leave


def to_lin(ways):
    known = {"mail": "lin@example.com", "sms": "13911111111", "wechat": "lin-at-wechat"}
    return {
        name: len([m for m in ways[name].messages if m.address == known[name]]) for name in known
    }


def states(session):
    session.rollback()
    found = session.execute(select(Delivery.channel, Delivery.state, Delivery.attempts))
    return {row.channel: (row.state, row.attempts) for row in found}


def set_school(session, cast, **settings):
    school = session.get_one(School, cast.school.id)
    school.settings = {**school.settings, **settings}
    session.commit()


@pytest.mark.requirement("N02")
def test_an_invitation_goes_by_wechat_and_mail(story, leave, ways):
    story.invite()

    assert leave() == (2, 0)
    assert to_lin(ways) == {"mail": 1, "sms": 0, "wechat": 1}


@pytest.mark.requirement("N03")
def test_changed_signing_data_go_by_text_message_too(story, leave, ways):
    story.complete()

    leave()

    assert to_lin(ways)["sms"] == 1


@pytest.mark.requirement("N03")
def test_what_leaves_tells_nothing_but_that_there_is_something(story, leave, ways):
    story.complete()
    leave()

    gone = [m for way in ways.values() for m in way.messages]
    assert gone
    for message in gone:
        assert message.text == notices.OUTSIDE
        assert message.link.endswith("/notices")


@BOTH
def test_two_sweeps_at_once_double_nothing(story, sessions, session, monday, ways):
    story.complete()

    def round_(_):
        notices.pass_on(sessions, monday)
        return outbox.send_due(sessions, monday, ways)

    sent = race(sessions, [round_] * 2)

    rest = outbox.send_due(sessions, monday, ways)
    total = session.scalars(select(Delivery.id)).all()
    assert sum(count for count, _ in sent) + rest[0] == len(total)
    keys = [m.key for way in ways.values() for m in way.messages]
    assert len(keys) == len(set(keys)) == len(total)


def test_a_message_that_failed_is_tried_later_and_later_and_then_kept_for_the_admin(
    story, leave, ways, session, monday
):
    story.invite()
    ways["mail"].problem = NotSent("服务器不在")
    assert leave() == (1, 1)
    assert leave(monday + timedelta(seconds=59)) == (0, 0)

    moment = monday
    for attempt in range(1, outbox.ATTEMPTS):
        moment += outbox.pause(attempt)
        assert leave(moment) == (0, 1)

    assert states(session) == {"mail": ("failed", outbox.ATTEMPTS), "wechat": ("sent", 1)}
    assert leave(moment + timedelta(days=9)) == (0, 0)


def test_an_address_that_takes_nothing_is_not_tried_again(story, leave, ways, session, monday):
    story.invite()
    ways["wechat"].problem = NotSent("没有关注", lasting=True)

    leave()

    assert leave(monday + timedelta(days=1)) == (0, 0)
    assert states(session)["wechat"] == ("failed", 1)


def test_a_message_that_may_have_left_is_never_sent_again_unasked(
    story, leave, ways, session, monday
):
    story.invite()
    ways["mail"].problem = NotSent("连接中断", unsure=True)
    ways["wechat"].problem = ZeroDivisionError()
    leave()
    ways["mail"].problem = ways["wechat"].problem = None

    assert leave(monday + timedelta(days=1)) == (0, 0)
    assert states(session) == {"mail": ("unsure", 1), "wechat": ("unsure", 1)}


def test_a_worker_killed_while_sending_doubles_nothing(story, sessions, session, monday, ways):
    story.invite()
    notices.pass_on(sessions, monday)
    outbox.take_next(sessions, monday, {"mail"})

    outbox.send_due(sessions, monday + timedelta(days=1), ways)

    assert states(session) == {"mail": ("unsure", 1), "wechat": ("sent", 1)}


def test_a_dead_provider_is_asked_once_a_round(story, cast, session, leave, ways):
    for number in range(3):
        employer, member = cast.make.employer(f"公司{number}")
        session.commit()
        story.invite(member, employer=employer)
    ways["mail"].problem = NotSent("服务器不在")

    assert leave() == (3, 1)


def test_who_refused_mail_gets_none(story, leave, ways, session, cast, monday):
    contacts.refuse_mail(session, cast.lin, True, monday)
    session.commit()
    story.invite()

    leave()

    assert to_lin(ways) == {"mail": 0, "sms": 0, "wechat": 1}


def test_who_has_read_it_already_is_not_called(story, leave, ways, session, cast, monday):
    story.invite()
    notices.mark_read(session, cast.lin.person_id, monday)
    session.commit()

    assert leave() == (0, 0)


def test_a_closed_account_hears_nothing(story, leave, session, cast, monday):
    story.invite()
    session.get_one(Person, cast.lin.person_id).blocked_at = monday
    session.commit()

    assert leave() == (0, 0)


def test_the_school_chooses_the_ways(story, leave, ways, session, cast):
    set_school(session, cast, notice_channels={"invitation.graduate": ["sms"]})
    story.invite()

    leave()

    assert to_lin(ways) == {"mail": 0, "sms": 1, "wechat": 0}


def test_the_school_says_it_in_its_own_words(story, session, cast):
    set_school(session, cast, notice_texts={"invitation.graduate": "{employer}想请您去。"})
    story.invite()

    told = session.scalars(select(Notification.text).where(Notification.event == "invitation"))
    assert told.one() == "恒信科技有限公司想请您去。"


def test_one_sweep_does_it_all(story, sessions, monday, instance_folder):
    story.invite()

    report = sweep.run_sweep(sessions, monday)

    assert report.notices_sent == 2
    assert "lin-at-wechat" in (instance_folder / "outbox.log").read_text()
