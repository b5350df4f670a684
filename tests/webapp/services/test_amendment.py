"""Edits after signing: confirmed by the graduate or nothing changes; a rescission goes first."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webapp.errors import NotAllowed, TaskAlreadyDone, TaskWithdrawn
from webapp.models import Agreement, Amendment, Case, Destination, Job, Notification, Rescission
from webapp.models.base import new_id
from webapp.services.agreements import agreements, verification
from webapp.services.cases import cases, entries
from webapp.services.cases.case_page import describe
from webapp.services.cases.sweep import run_sweep, wake_due_cases
from webapp.services.design import releases

EDIT = {
    "outcome": "upload",
    "contact_name": "孙悦",
    "contact_mobile": "13800000009",
    "position_category": "13",
    "position_name": "高级后端工程师",
    "salary": "11500.00",
}
UNCHANGED = {
    "outcome": "upload",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "position_category": "13",
    "position_name": "后端开发工程师",
    "salary": "10500",
    "penalty": None,
    "supplement": "",
}
ASKED = {
    "outcome": "send",
    "rescission_reason": "S3",
    "explanation": "已与对方协商一致，双方同意解除协议。",
}


both_databases = pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def dialect(request):
    """One store, but where a test says that the store itself matters."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def agreement(story, session, cast, monday):
    """Lin and Hengxin have signed online, at a school that offers edits and rescission."""
    offered = {"amendment": ["employer_edit"], "rescission": ["online_two_party"]}
    cast.school.settings = {**cast.school.settings, "offered": offered}
    releases.publish_packaged(session, cast.school.id, monday)
    session.commit()
    story.complete()
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def edit(story, session, cast, agreement):
    """Acts of an edit, each committed."""

    class Acts:
        def begin(self, actor=cast.hengxin, about=None, family="amendment"):
            variant = "employer_edit" if family == "amendment" else "online_two_party"
            case = cases.start_case(
                session,
                actor,
                family,
                variant=variant,
                graduate=cast.graduate,
                employer=None,
                now=story.monday,
                about=about or newest(session),
            )
            session.commit()
            return case

        def upload(self, case=None, now=None, **answers):
            case = case or self.begin()
            return story.submit(cast.hengxin, story.open_task(case), now, **(answers or EDIT))

        def confirm(self, case, outcome="confirm", now=None, **answers):
            task = story.open_task(case)
            return story.submit(cast.lin, task, now, outcome=outcome, **answers)

        def rescind(self, case=None):
            """Lin asks to rescind."""
            case = self.begin(cast.lin, family="rescission")
            return story.submit(cast.lin, story.open_task(case), **ASKED)

    return Acts()


def newest(session):
    session.rollback()
    wanted = select(Agreement).order_by(Agreement.version.desc()).limit(1)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def states(session):
    session.rollback()
    found = session.execute(select(Agreement.version, Agreement.state).order_by(Agreement.version))
    return [tuple(row) for row in found]


@pytest.mark.requirement("F21", "F22", "N07")
def test_an_edit_waits_for_the_graduate_and_changes_nothing_until_then(
    edit, session, cast, agreement
):
    case = edit.upload()

    assert case.status == "waiting_confirmation"
    assert states(session) == [(1, "valid")]
    assert newest(session).snapshot["answers"]["salary"] == "10500"
    told = session.scalars(
        select(Notification.person_id).where(Notification.event == "amendment_asked")
    )
    assert told.all() == [cast.lin.person_id]


@pytest.mark.requirement("F21", "F22", "I7")
@both_databases
def test_a_confirmed_edit_is_the_next_version_of_the_same_number(
    edit, story, session, cast, agreement
):
    number, before = agreement.number, agreement.snapshot
    case = edit.upload()

    ended = edit.confirm(case, now=story.later(days=2))

    assert ended.status == "amended"
    assert states(session) == [(1, "superseded"), (2, "valid")]
    old, new = session.scalars(select(Agreement).order_by(Agreement.version))
    assert (old.number, new.number, old.snapshot) == (number, number, before)
    assert new.snapshot["answers"]["salary"] == "11500.00"
    values = new.snapshot["values"]
    assert (values["terms"]["salary"], values["job"]["name"]) == ("11,500 元/月", "高级后端工程师")
    assert (values["employer"]["contact_name"], values["version"]) == ("孙悦", 2)
    assert values["employer"]["name"] == before["values"]["employer"]["name"]
    assert values["graduate"] == before["values"]["graduate"]
    assert values["opinions"]["graduate"]["signed_on"] == "2026年6月3日"
    assert values["opinions"]["employer"]["signed_on"] == "2026年6月1日"
    renders = session.scalars(select(Job.args).where(Job.name == "render_agreement")).all()
    assert new.id.hex in [args["agreement"] for args in renders]
    assert [row.outcome for row in session.scalars(select(Amendment))] == ["amended"]


@pytest.mark.requirement("F22")
@both_databases
def test_the_destination_follows_and_its_past_stays(edit, story, session):
    case = edit.upload()

    edit.confirm(case, now=story.later(days=2))

    first, second = session.scalars(select(Destination).order_by(Destination.written_at))
    assert (first.closed_at, second.closed_at) == (story.later(days=2), None)
    assert (first.code, second.code, first.case_id) == ("10", "10", second.case_id)
    assert (first.snapshot["salary"], second.snapshot["salary"]) == ("10500", "11500.00")


@pytest.mark.requirement("F22", "I7")
def test_a_refused_edit_leaves_the_old_values_in_force(edit, session, cast):
    case = edit.upload()

    ended = edit.confirm(case, "refuse", reason="薪资没有谈过")

    assert ended.status == "amendment_refused"
    assert states(session) == [(1, "valid")]
    assert [row.outcome for row in session.scalars(select(Amendment))] == ["refused"]
    assert edit.upload().status == "waiting_confirmation"


@pytest.mark.requirement("F21")
def test_an_edit_without_a_change_comes_back(edit, story, session):
    case = edit.upload(**UNCHANGED)

    assert story.open_task(case).element == "Edit_agreement"
    assert session.scalars(select(Amendment)).all() == []


@pytest.mark.requirement("F21")
def test_what_an_edit_may_not_touch_stays(edit, session, cast):
    case = edit.upload(**{**EDIT, "employer_name": "别的公司", "uscc": "无", "hukou": "2"})

    edit.confirm(case)

    new = newest(session)
    assert new.snapshot["values"]["employer"]["name"] == "恒信科技有限公司"
    assert new.snapshot["answers"]["hukou"] == "1"


@pytest.mark.requirement("F21")
def test_one_edit_at_a_time(edit, story, session, cast):
    first, second = edit.begin(), edit.begin()
    edit.upload(first)

    ended = edit.upload(second)

    assert ended.status == "amendment_not_opened"
    assert len(session.scalars(select(Amendment)).all()) == 1


@both_databases
def test_two_edits_at_once_and_one_is_stored(edit, story, sessions, session, cast):
    waiting = [story.open_task(edit.begin()) for _ in range(2)]

    def upload(task):
        return lambda s: cases.submit_task(s, cast.hengxin, task.id, EDIT, [], story.monday)

    results = race(sessions, [upload(task) for task in waiting])

    assert sorted(one.status for one in results) == ["amendment_not_opened", "waiting_confirmation"]


@pytest.mark.requirement("F22")
def test_a_second_click_issues_no_third_version(edit, story, session, cast):
    task = story.open_task(edit.upload())
    story.submit(cast.lin, task, outcome="confirm")

    with pytest.raises(TaskAlreadyDone):
        story.submit(cast.lin, task, outcome="confirm")
    assert states(session) == [(1, "superseded"), (2, "valid")]


@pytest.mark.requirement("F22", "I7")
def test_a_school_may_review_what_the_graduate_confirmed(edit, story, session, cast):
    cast.school.settings = {**cast.school.settings, "amendment_review": True}
    session.commit()
    case = edit.confirm(edit.upload())
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    assert states(session) == [(1, "valid")]

    ended = story.submit(cast.wu, story.open_task(case), story.later(days=3), outcome="pass")

    assert ended.status == "amended"
    signed = newest(session).snapshot["values"]["opinions"]
    assert signed["graduate"]["signed_on"] == "2026年6月1日"


@pytest.mark.requirement("F22")
def test_silence_ends_an_edit_where_the_school_limits_it(edit, story, sessions, session, cast):
    cast.school.settings = {**cast.school.settings, "amendment_reply_days": 7}
    session.commit()
    case = edit.upload()

    wake_due_cases(sessions, story.later(days=8))

    assert session.get_one(Case, case.id, populate_existing=True).status == "amendment_refused"
    assert states(session) == [(1, "valid")]


@pytest.mark.requirement("A23")
def test_a_graduate_cannot_edit_but_only_confirm(edit, session, cast, monday):
    offered = entries.acts_on(session, cast.lin, newest(session), monday)

    assert "amendment" not in [entry.family for entry in offered]
    with pytest.raises(NotAllowed):
        edit.begin(cast.lin)


# Beside a rescission.


@pytest.mark.requirement("F22", "I5")
@both_databases
def test_an_agreement_that_is_being_rescinded_is_not_edited(edit, session, cast):
    edit.rescind()

    ended = edit.upload()

    assert ended.status == "amendment_not_opened"
    assert session.scalars(select(Amendment)).all() == []


@pytest.mark.requirement("F22", "I5")
@both_databases
def test_a_waiting_edit_bars_no_rescission_and_then_takes_no_effect(edit, session, cast):
    case = edit.upload()
    assert edit.rescind().status == "waiting_reply"

    ended = edit.confirm(case)

    assert ended.status == "amendment_void"
    assert states(session) == [(1, "valid")]
    assert [row.outcome for row in session.scalars(select(Amendment))] == ["void"]


@pytest.fixture
def rescinded(edit, story, cast):
    """An edit that waits for Lin, on an agreement that was rescinded meanwhile."""
    case, rescission = edit.upload(), edit.rescind()
    story.submit(cast.hengxin, story.open_task(rescission), outcome="accept")
    story.submit(cast.rao, story.open_task(rescission), outcome="pass")
    story.submit(cast.wu, story.open_task(rescission), outcome="pass")
    return case


@pytest.mark.requirement("F22")
def test_an_edit_of_a_rescinded_agreement_takes_no_effect(edit, rescinded, session):
    ended = edit.confirm(rescinded)

    assert ended.status == "amendment_void"
    assert states(session) == [(1, "rescinded")]


@pytest.mark.requirement("F22", "I5")
@both_databases
def test_an_edit_that_waits_ends_with_its_agreement(
    edit, rescinded, story, sessions, session, cast
):
    task = story.open_task(rescinded)

    run_sweep(sessions, story.later(hours=1))
    run_sweep(sessions, story.later(hours=2))

    session.rollback()
    case = session.get_one(Case, rescinded.id, populate_existing=True)
    assert (case.status, case.ended_at) == ("amendment_void", story.later(hours=1))
    assert [row.outcome for row in session.scalars(select(Amendment))] == ["void"]
    told = select(Notification.person_id).where(Notification.event == "amendment_void")
    assert sorted(session.scalars(told)) == sorted([cast.lin.person_id, cast.hengxin.person_id])
    assert "系统：协议已解除" in [line.text for line in describe(session, cast.lin, case).lines]
    session.rollback()
    with pytest.raises(TaskWithdrawn):
        story.submit(cast.lin, task, outcome="confirm")


def test_an_edit_stays_open_while_a_rescission_is_only_asked_for(edit, story, sessions, session):
    case = edit.upload()
    edit.rescind()

    run_sweep(sessions, story.later(hours=1))

    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_confirmation"


@pytest.mark.requirement("I5", "F19")
def test_a_new_version_is_rescinded_like_the_first(edit, story, session, cast):
    edit.confirm(edit.upload())
    case = edit.rescind()
    story.submit(cast.hengxin, story.open_task(case), outcome="accept")
    story.submit(cast.rao, story.open_task(case), outcome="pass")

    story.submit(cast.wu, story.open_task(case), outcome="pass")

    assert states(session) == [(1, "superseded"), (2, "rescinded")]
    assert session.scalars(select(Destination).where(Destination.closed_at.is_(None))).all() == []


@both_databases
def test_confirming_and_asking_to_rescind_at_once_never_both(
    edit, story, sessions, session, cast, agreement
):
    task = story.open_task(edit.upload())
    asking = story.open_task(edit.begin(cast.lin, family="rescission"))

    race(
        sessions,
        [
            lambda s: cases.submit_task(
                s, cast.lin, task.id, {"outcome": "confirm"}, [], story.monday
            ),
            lambda s: cases.submit_task(s, cast.lin, asking.id, ASKED, [], story.monday),
        ],
    )

    session.rollback()
    on_old = session.scalars(select(Rescission).where(Rescission.agreement_id == agreement.id))
    superseded = states(session)[0] == (1, "superseded")
    assert superseded != bool(on_old.all())


@pytest.mark.requirement("I5")
@both_databases
def test_the_database_itself_refuses_a_version_or_an_edit_beside_a_rescission(
    edit, session, run_sql, agreement
):
    case = edit.rescind()

    with pytest.raises(DBAPIError, match="being rescinded"):
        run_sql("UPDATE agreement SET state = 'superseded'")
    session.add(
        Amendment(
            id=new_id(),
            school_id=agreement.school_id,
            agreement_id=agreement.id,
            case_id=case.id,
            opened_at=agreement.issued_at,
        )
    )
    with pytest.raises(DBAPIError, match="being rescinded"):
        session.commit()


# On paper and on the public page.


@pytest.mark.requirement("F15", "F22")
def test_each_version_has_a_code_and_the_old_paper_names_the_newer(edit, story, session, agreement):
    number = agreement.number
    edit.confirm(edit.upload())

    def ask(version):
        code = agreements.verification_code(number, version)
        return verification.verify(session, number, code, story.monday)

    old, new = ask(1), ask(2)
    assert (old.state, old.version, old.current_version) == ("superseded", 1, 2)
    assert (new.state, new.version, new.current_version) == ("valid", 2, 2)
    assert ask(3) is None
    first = agreements.verification_code(number)
    assert verification.verify(session, number, f"2-{first}", story.monday) is None


@pytest.mark.requirement("F15")
def test_an_old_paper_of_a_rescinded_agreement_is_rescinded(edit, story, session, cast, agreement):
    edit.confirm(edit.upload())
    case = edit.rescind()
    story.submit(cast.hengxin, story.open_task(case), outcome="accept")
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    story.submit(cast.wu, story.open_task(case), outcome="pass")

    found = verification.verify(
        session, agreement.number, agreements.verification_code(agreement.number), story.monday
    )

    assert (found.state, found.version, found.current_version) == ("rescinded", 1, 2)
