"""A certification holds for a year: a notice before its end, and a level that is gone after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from webapp.models import Certification, Delivery, Employer, Membership, Notification
from webapp.pages.certifying import list_employers
from webapp.services.employers import certifying, expiring, lasting, levels, managers
from webapp.services.employers.registered_employers import RegisteredEmployers
from webapp.services.notices import notices

FAMILY = "employer_certification"
DAY = timedelta(days=1)


@pytest.fixture
def certified(story, session, cast, monday):
    """Accept a certification of an employer, some days from Monday; gives it."""

    def accept(days=0, level="letter", employer=None, school=None):
        employer = employer or cast.employer
        case_id = certifying.begin(
            session, cast.hengxin, "10001", FAMILY, "authorisation_letter", employer.id, monday
        )

        task = story.open_task(session.get_one(certifying.Case, case_id))
        one = Certification(
            school_id=cast.school.id,
            employer_id=employer.id,
            case_id=case_id,
            level=level,
            seal="official",
            looked_up="exempt" if level == "letter" else "found",
            manager_name="周宁",
            at=monday + timedelta(days=days),
        )
        session.add(one)
        held = session.get_one(Employer, employer.id)
        held.verification = max(held.verification, level, key=levels.LEVELS.index)
        story.submit(cast.hengxin, task, outcome="discard")
        session.commit()
        return one

    return accept


def set_school(session, cast, **settings):
    cast.school.settings = {**cast.school.settings, **settings}
    session.commit()


def told(session):
    session.rollback()
    found = select(Notification).where(Notification.event == "certification_ends")
    return list(session.scalars(found))


@pytest.mark.requirement("A09", "K13")
def test_a_certification_holds_for_a_year_and_is_gone_after_it(certified, session, cast, monday):
    certified()
    set_school(session, cast, minimum_verification="letter")
    last, over = monday + timedelta(days=364), monday + timedelta(days=365)

    levels.require_level(session, cast.employer, cast.school, last)
    assert lasting.level_of(session, cast.employer, last) == "letter"
    with pytest.raises(levels.NotVerifiedEnough, match=r"认证已于.*到期") as refused:
        levels.require_level(session, cast.employer, cast.school, over)
    assert "重新提交" in refused.value.way_out
    assert lasting.level_of(session, cast.employer, over) == "none"


@pytest.mark.requirement("A20")
def test_who_is_certified_no_more_is_neither_chosen_nor_listed_as_such(
    certified, session, cast, monday
):
    certified(level="register")
    set_school(session, cast, minimum_verification="letter")
    last, over = monday + timedelta(days=364), monday + timedelta(days=366)

    def chosen(now, only=None):
        return [
            row.name for row in RegisteredEmployers(session, cast.school, now, only).search("恒信")
        ]

    def listed(level, now):
        return [one.employer.id for one in list_employers(session, {"level": level}, now).rows]

    assert chosen(last) == [cast.employer.name]
    assert chosen(over) == []
    assert chosen(over, cast.employer.id) == [cast.employer.name]  # it goes on with what runs
    assert cast.employer.id in listed("register", last)
    assert cast.employer.id not in listed("register", over)
    assert cast.employer.id in listed("none", over)
    shown = {one.employer.id: one for one in list_employers(session, {}, over).rows}
    assert shown[cast.employer.id].level == f"认证已到期（{levels.spoken_day(over - DAY)}）"
    assert shown[cast.employer.id].tone == "wait"
    with pytest.raises(certifying.NotCertifiedYet):
        certifying.begin(
            session, cast.hengxin, "10001", FAMILY, "change_manager", cast.employer.id, over
        )


@pytest.mark.requirement("K13")
def test_the_school_sets_how_long_and_nought_is_for_ever(certified, session, cast, monday):
    certified()
    much_later = monday + timedelta(days=4000)

    set_school(session, cast, certification_days=10)
    assert lasting.level_of(session, cast.employer, monday + timedelta(days=9)) == "letter"
    assert lasting.level_of(session, cast.employer, monday + timedelta(days=10)) == "none"
    set_school(session, cast, certification_days=0)
    assert lasting.level_of(session, cast.employer, much_later) == "letter"
    assert levels.certifications_of(session, cast.employer.id)[0].ends_at is None


@pytest.mark.requirement("K13")
def test_only_what_still_holds_gives_the_level(certified, session, cast, monday):
    certified(level="register")
    certified(days=300, level="letter")

    found = [
        lasting.level_of(session, cast.employer, monday + timedelta(days=days))
        for days in (301, 400, 665)
    ]

    assert found == ["register", "letter", "none"]


def test_a_level_without_a_certification_has_no_end(session, cast, monday):
    cast.employer.verification = "phone"
    session.commit()

    assert lasting.level_of(session, cast.employer, monday + timedelta(days=4000)) == "phone"
    assert lasting.ended_at(session, cast.employer.id, monday + timedelta(days=4000)) is None


@pytest.mark.requirement("A09", "A16")
def test_the_manager_alone_is_told_once_a_month_before_the_end(
    certified, session, sessions, cast, monday
):
    certified()
    cast.make.employer_member(cast.employer, "沈一")
    manager = managers.current_manager(session, cast.employer.id)
    session.commit()

    runs = [
        expiring.tell_managers(sessions, monday + timedelta(days=days)) for days in (334, 335, 350)
    ]

    assert runs == [0, 1, 0]
    (notice,) = told(session)
    assert notice.person_id == manager
    assert "重新提交盖章的公函" in notice.text
    assert levels.spoken_day(monday + timedelta(days=365)) in notice.text


@pytest.mark.requirement("A09")
def test_the_notice_leaves_by_text_message_too(certified, session, sessions, cast, monday):
    certified()
    expiring.tell_managers(sessions, monday + timedelta(days=340))

    notices.pass_on(sessions, monday + timedelta(days=340))

    (notice,) = told(session)
    sent = session.scalars(select(Delivery.channel).where(Delivery.notification_id == notice.id))
    assert "sms" in set(sent)


@pytest.mark.requirement("A09")
def test_nobody_is_told_who_certified_anew_or_for_ever_or_too_late(
    certified, session, sessions, cast, monday
):
    certified()
    certified(days=320)
    at_end, too_late = monday + timedelta(days=350), monday + timedelta(days=700)

    assert expiring.tell_managers(sessions, at_end) == 0
    assert expiring.tell_managers(sessions, too_late) == 0
    set_school(session, cast, certification_days=0)
    assert expiring.tell_managers(sessions, monday + timedelta(days=660)) == 0
    set_school(session, cast, certification_days=365)
    assert expiring.tell_managers(sessions, monday + timedelta(days=660)) == 1


def test_an_account_that_nobody_holds_waits_for_somebody(
    certified, session, sessions, cast, monday
):
    certified()
    members = select(Membership).where(Membership.employer_id == cast.employer.id)
    for one in session.scalars(members):
        one.ended_at = monday
    session.commit()

    expiring.tell_managers(sessions, monday + timedelta(days=340))

    assert told(session) == []
