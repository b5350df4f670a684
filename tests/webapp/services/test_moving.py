"""Running cases move to another release: tried first, one transaction each, with a report, and back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes import library
from webapp import jobs
from webapp.errors import NotYours, TaskAlreadyDone
from webapp.models import Audit, Case, History, Job, MovedCase, Task
from webapp.services.cases import cases, tasks
from webapp.services.cases.history import broken_links
from webapp.services.design import moving, releases
from webapp.services.design.trying import try_out

FAMILY, VARIANT = "online_signing", "employer_invitation"


@pytest.fixture
def publish(session, cast, monday, published):
    """Publish the invitation with words of its diagram replaced."""

    def replaced(*pairs, **more):
        diagram, called = library.load_family(FAMILY, VARIANT)
        definitions = releases.definitions_for([diagram, *called.values()])
        xml = diagram.xml.decode()
        for old, new in pairs:
            assert old in xml
            xml = xml.replace(old, new)
        release = releases.publish(
            session, cast.school.id, FAMILY, VARIANT, xml.encode(),
            {key: child.xml for key, child in called.items()}, definitions, now=monday, **more,
        )  # fmt: skip
        session.commit()
        return release

    return replaced


@pytest.fixture
def others(session, cast, story):
    """Invitations of three more graduates."""
    found = []
    for name in ("甲", "乙", "丙"):
        graduate, _ = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        found.append(story.invite(graduate=graduate)[0])
    return found


def order(session, cast, release, now, **more):
    given = {"mapping": {}, "note": "依通知", "now": now, **more}
    move = moving.begin_move(session, cast.ada, release.id, **given)
    session.commit()
    return move.id


def carry_out(session, sessions, move_id, now, most=None):
    moving.carry_out(sessions, move_id, now, most)
    session.expire_all()


def outcomes(session, move_id):
    wanted = select(MovedCase).where(MovedCase.move_id == move_id).order_by(MovedCase.case_id)
    found = [line.outcome for line in session.scalars(wanted)]
    session.commit()
    return found


RENAMED = ('name="应约"', 'name="答复邀请"')


def test_a_moved_case_waits_in_the_same_task_until_the_same_moment(
    session, sessions, cast, story, publish
):
    case, task = story.invite()
    before = (task.id, task.token, task.due_at, task.opened_at)
    release = publish(RENAMED)

    move = order(session, cast, release, story.later(days=1))
    carry_out(session, sessions, move, story.later(days=1))

    assert outcomes(session, move) == ["moved"]
    now = story.open_task(case)
    assert (now.id, now.token, now.due_at, now.opened_at) == before
    assert now.name == "答复邀请"
    moved = session.get_one(Case, case.id)
    assert (moved.release_id, moved.wake_at) == (release.id, before[2])
    assert broken_links(session, case.id) == []


def test_a_moved_case_goes_on_to_its_end(session, sessions, cast, story, publish):
    case, task = story.invite()
    release = publish(RENAMED)
    carry_out(session, sessions, order(session, cast, release, story.monday), story.monday)

    story.accept(cast.lin, task)
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    ended = story.submit(cast.wu, story.open_task(case), outcome="pass")

    assert (ended.status, ended.end_element) == ("completed", "Signing_completed")


def test_an_answer_typed_before_the_move_is_taken_after_it(session, sessions, cast, story, publish):
    """The page that somebody has open keeps its task: nothing typed is lost."""
    case, task = story.invite()
    tasks.save_draft(session, cast.lin, task.id, {"reason": "再想想"}, story.monday)
    session.commit()
    carry_out(session, sessions, order(session, cast, publish(RENAMED), story.monday), story.monday)

    assert story.open_task(case).draft == {"reason": "再想想"}
    story.accept(cast.lin, task)


def test_history_and_audit_say_who_moved_what(session, sessions, cast, story, publish):
    case, _ = story.invite()
    release = publish(RENAMED)
    carry_out(session, sessions, order(session, cast, release, story.monday), story.monday)

    row = session.scalars(
        select(History).where(History.case_id == case.id).order_by(History.seq.desc())
    ).first()
    assert (row.kind, row.person_id) == ("moved", cast.ada.person_id)
    assert (row.body["from"], row.body["to"], row.body["note"]) == (1, 2, "依通知")
    said = session.scalars(select(Audit).where(Audit.act == "cases_moved")).one()
    assert "1 件" in said.about


def test_a_trial_tells_who_can_move_and_why_not_and_writes_nothing(session, cast, story, publish):
    _, task = story.invite()
    story.accept(cast.lin, task)
    graduate, _ = cast.make.graduate(cast.school, cast.college, "后来的")
    session.commit()
    waiting, _ = story.invite(graduate=graduate)
    release = publish(('"Answer_invitation"', '"Reply"'), (">Answer_invitation<", ">Reply<"),
                      ("Answer_invitation.", "Reply."))  # fmt: skip

    trials = {one.case_id: one for one in try_out(session, release, {}, story.monday)}

    assert not trials[waiting.id].fits
    assert trials[waiting.id].story == "“应约”在新版里没有了，也没有说明改叫什么"
    assert (trials[waiting.id].step, trials[waiting.id].element) == ("应约", "Answer_invitation")
    mapped = {"Answer_invitation": "Reply"}
    assert all(one.fits for one in try_out(session, release, mapped, story.monday))
    assert session.scalars(select(MovedCase)).all() == []


def test_a_renamed_step_is_mapped_with_its_answers(session, sessions, cast, story, publish):
    case, task = story.invite()
    release = publish(('"Answer_invitation"', '"Reply"'), (">Answer_invitation<", ">Reply<"),
                      ("Answer_invitation.", "Reply."))  # fmt: skip

    move = order(session, cast, release, story.monday, mapping={"Answer_invitation": "Reply"})
    carry_out(session, sessions, move, story.monday)

    assert outcomes(session, move) == ["moved"]
    assert story.open_task(case).element == "Reply"
    story.submit(cast.lin, task, outcome="refuse")
    assert session.get_one(Case, case.id).end_element == "Invitation_refused"


def test_what_cannot_be_placed_stays_and_the_report_says_why(
    session, sessions, cast, story, publish
):
    case, _ = story.invite()
    former = session.get_one(Case, case.id)
    before = (former.release_id, former.state, former.version)
    release = publish(('"Answer_invitation"', '"Reply"'), (">Answer_invitation<", ">Reply<"),
                      ("Answer_invitation.", "Reply."))  # fmt: skip

    move = order(session, cast, release, story.monday)
    carry_out(session, sessions, move, story.monday)

    line = session.get_one(MovedCase, (move, case.id))
    assert (line.outcome, line.step) == ("refused", "应约")
    assert "没有了" in line.story
    kept = session.get_one(Case, case.id)
    assert (kept.release_id, kept.state, kept.version) == before


def test_only_the_chosen_ones_move(session, sessions, cast, story, publish, others):
    chosen = others[1].id

    move = order(session, cast, publish(RENAMED), story.monday, chosen=[chosen])
    carry_out(session, sessions, move, story.monday)

    assert outcomes(session, move) == ["moved"]
    on = dict(list(session.execute(select(Case.id, Case.release_id))))
    assert len({on[one.id] for one in others}) == 2


def test_the_sweep_finishes_a_move_that_was_begun(session, sessions, cast, story, publish, others):
    move = order(session, cast, publish(RENAMED), story.monday)
    carry_out(session, sessions, move, story.monday, most=1)
    assert outcomes(session, move) == ["moved", "waiting", "waiting"]

    assert jobs.run_due(sessions, story.monday)[1] == 0

    assert outcomes(session, move) == ["moved"] * 3
    done = session.scalars(select(Job.state).where(Job.name == "move_cases")).all()
    assert done == ["done"]


def test_a_case_that_ended_meanwhile_is_left_alone(session, sessions, cast, story, publish):
    case, task = story.invite()
    move = order(session, cast, publish(RENAMED), story.monday)
    story.submit(cast.lin, task, outcome="refuse")

    carry_out(session, sessions, move, story.monday)

    assert session.get_one(MovedCase, (move, case.id)).story == "已经结束，结束的事项不再改动"


def test_a_move_is_taken_back_as_if_it_had_not_been(session, sessions, cast, story, publish):
    case, task = story.invite()
    former = session.get_one(Case, case.id)
    before = (former.release_id, former.state, former.variables, former.status, former.wake_at)
    words = (task.name, task.element, task.form, task.queue, task.due_at, task.lapses)
    move = order(session, cast, publish(RENAMED), story.monday)
    carry_out(session, sessions, move, story.monday)

    assert moving.undo_all(sessions, cast.ada, move, story.later(hours=1)) == 1

    session.expire_all()
    back = session.get_one(Case, case.id)
    assert (back.release_id, back.state, back.variables, back.status, back.wake_at) == before
    task = story.open_task(case)
    assert (task.name, task.element, task.form, task.queue, task.due_at, task.lapses) == words
    assert outcomes(session, move) == ["undone"]
    assert broken_links(session, case.id) == []
    story.accept(cast.lin, task)


def test_a_case_that_went_on_is_not_taken_back(session, sessions, cast, story, publish):
    case, task = story.invite()
    move = order(session, cast, publish(RENAMED), story.monday)
    carry_out(session, sessions, move, story.monday)
    story.accept(cast.lin, task)

    assert moving.undo_all(sessions, cast.ada, move, story.monday) == 0

    session.expire_all()
    line = session.get_one(MovedCase, (move, case.id))
    assert (line.outcome, line.story) == ("kept", "迁移之后已经往下办，不能退回")
    assert story.open_task(case).role == "reviewer"


def test_a_step_that_moved_to_another_lane_comes_to_whoever_holds_it_there(
    session, sessions, cast, story, publish
):
    """The reviewers' step of the called diagram stays; the answer step goes to the employer's lane."""
    case, task = story.invite()
    line = "<bpmn:flowNodeRef>Answer_invitation</bpmn:flowNodeRef>"
    employers = "<bpmn:flowNodeRef>Fill_invitation</bpmn:flowNodeRef>"
    release = publish((line, ""), (employers, employers + line))

    move = order(session, cast, release, story.monday)
    carry_out(session, sessions, move, story.monday)

    now = story.open_task(case)
    assert now.role == "employer"
    assert now.queue in cast.hengxin.queues
    with pytest.raises(NotYours):
        cases.submit_task(session, cast.lin, task.id, {"outcome": "accept"}, [], story.monday)


def test_nobody_moves_or_takes_back_cases_of_another_school(
    session, sessions, cast, story, publish
):
    story.invite()
    release = publish(RENAMED)
    elsewhere = cast.make.school("远方大学", "10003")
    stranger = cast.make.actor(cast.make.person("远老师"), "admin", school_id=elsewhere.id)
    session.commit()
    move = order(session, cast, release, story.monday)

    with pytest.raises(NotYours):
        moving.begin_move(session, stranger, release.id, mapping={}, note="x", now=story.monday)
    session.rollback()
    with pytest.raises(NotYours):
        moving.undo_all(sessions, stranger, move, story.monday)


def test_a_move_says_why_and_moves_something(session, cast, story, publish):
    release = publish(RENAMED)
    with pytest.raises(moving.NothingToMove):
        moving.begin_move(session, cast.ada, release.id, mapping={}, note="x", now=story.monday)
    session.rollback()
    story.invite()
    with pytest.raises(moving.ReasonNeeded):
        moving.begin_move(session, cast.ada, release.id, mapping={}, note=" ", now=story.monday)


def test_an_answer_and_a_move_at_once_both_happen_or_one_waits(
    session, sessions, cast, story, publish
):
    """The answer came first: the case moves from where it stands then, and nobody answers twice."""
    case, task = story.invite()
    move = order(session, cast, publish(RENAMED), story.monday)
    story.accept(cast.lin, task)

    carry_out(session, sessions, move, story.monday)

    assert outcomes(session, move) == ["moved"]
    with pytest.raises(TaskAlreadyDone):
        story.accept(cast.lin, task)
    session.rollback()
    assert (
        session.scalars(select(Task.state).where(Task.case_id == case.id)).all().count("open") == 1
    )
