"""Running cases move to another release: tried first, one transaction each, with a report, and back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select, update

from processes import library
from processes.engine import placing_apart
from processes.killable import NoAnswer
from webapp import jobs
from webapp.errors import NotYours, TaskAlreadyDone
from webapp.models import Audit, Case, History, Job, Move, MovedCase, Notification, Task
from webapp.services.cases import cases, tasks
from webapp.services.cases.history import broken_links
from webapp.services.design import moving, releases, trials, undoing
from webapp.services.design.drafts import open_draft, save_parts
from webapp.services.design.trying import BATCH, try_out

pytestmark = pytest.mark.usefixtures("placed_here")
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


def carry_out(session, sessions, move_id, now, most=BATCH):
    moving.carry_out(sessions, move_id, now, most)
    session.expire_all()


def take_all_back(session, sessions, cast, move_id, now):
    undoing.take_back_some(sessions, cast.ada, move_id, now)
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

    take_all_back(session, sessions, cast, move, story.later(hours=1))

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

    take_all_back(session, sessions, cast, move, story.monday)

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


def told(session):
    wanted = select(Notification.person_id, Notification.event, Notification.text).where(
        Notification.event.in_(["step_came", "step_went"])
    )
    found = sorted((str(row[0]), row[1], row[2]) for row in session.execute(wanted.order_by("id")))
    session.commit()
    return found


HANDED = (
    ("<bpmn:flowNodeRef>Answer_invitation</bpmn:flowNodeRef>", ""),
    (
        "<bpmn:flowNodeRef>Fill_invitation</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>Fill_invitation</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>Answer_invitation</bpmn:flowNodeRef>",
    ),
)


def test_who_gets_and_who_loses_a_step_is_told_once_and_again_when_it_goes_back(
    session, sessions, cast, story, publish
):
    story.invite()
    move = order(session, cast, publish(*HANDED), story.monday)

    carry_out(session, sessions, move, story.monday)
    first = told(session)
    carry_out(session, sessions, move, story.monday)
    again = told(session)
    take_all_back(session, sessions, cast, move, story.monday)
    back = [one for one in told(session) if one not in first]

    lin, hengxin = str(cast.lin.person_id), str(cast.hengxin.person_id)
    assert {one[:2] for one in first} == {(hengxin, "step_came"), (lin, "step_went")}
    assert again == first
    assert all("调整了办理流程" in one[2] for one in first)
    assert {one[:2] for one in told(session)} - {one[:2] for one in first} == {
        (hengxin, "step_went"),
        (lin, "step_came"),
    }
    assert len(back) == 2


def test_a_move_that_leaves_the_step_with_its_holder_tells_nobody(
    session, sessions, cast, story, publish
):
    story.invite()
    carry_out(session, sessions, order(session, cast, publish(RENAMED), story.monday), story.monday)

    assert told(session) == []


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
        undoing.take_back_some(sessions, stranger, move, story.monday)
    with pytest.raises(NotYours):
        undoing.order_undo(session, stranger, move, story.monday)


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


# -- while others work, and when it breaks off ----------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done while the cases are being placed, once."""

    def during(act):
        place, acts = placing_apart.ask_for_lines, [act]

        def placed(*order):
            if acts:
                acts.pop()()
            return place(*order)

        monkeypatch.setattr(placing_apart, "ask_for_lines", placed)

    return during


def test_people_answer_while_cases_are_placed_and_what_went_on_is_placed_again(
    session, sessions, cast, story, publish, meanwhile
):
    """Nobody's lock is held meanwhile; on SQLite one would stop every other writer."""
    case, task = story.invite()
    move = order(session, cast, publish(RENAMED), story.monday)
    meanwhile(lambda: story.accept(cast.lin, task))

    assert moving.carry_out(sessions, move, story.monday)
    session.expire_all()
    assert outcomes(session, move) == ["waiting"]
    assert story.open_task(case).role == "reviewer"

    assert not moving.carry_out(sessions, move, story.monday)
    session.expire_all()
    assert outcomes(session, move) == ["moved"]
    assert broken_links(session, case.id) == []
    story.submit(cast.rao, story.open_task(case), outcome="pass")


KILLED_BEHIND_THE_SECOND = """
import os, signal, sys, uuid
from datetime import datetime
from webapp.database import make_engine, make_sessions
from webapp.services.design import moving, undoing

url, move, now, what = sys.argv[1:]
module, name = (moving, "move_case") if what == "move" else (undoing, "undo")
act, done = getattr(module, name), []

def act_or_die(*given):
    act(*given)
    done.append(1)
    if len(done) == 3:  # two are committed, the third is written and not committed
        os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, act_or_die)
sessions = make_sessions(make_engine(url))
if what == "move":
    moving.carry_out(sessions, uuid.UUID(move), datetime.fromisoformat(now))
else:
    from sqlalchemy import select
    from webapp.models import Job
    with sessions() as session:
        args = session.scalars(select(Job.args).where(Job.name == "undo_move")).one()
    undoing.undo_move(sessions, args, datetime.fromisoformat(now))
"""


def killed(database_url, move_id, now, what):
    gone = subprocess.run(
        [sys.executable, "-c", KILLED_BEHIND_THE_SECOND, database_url, move_id.hex,
         now.isoformat(), what],
        env=dict(os.environ), capture_output=True, timeout=120,
    )  # fmt: skip
    assert gone.returncode == -signal.SIGKILL, gone.stderr.decode()


def test_a_move_killed_in_the_middle_goes_on_and_nothing_is_lost_or_done_twice(
    session, sessions, cast, story, publish, others, database_url
):
    case, _ = story.invite()
    everyone = [*others, case]
    move = order(session, cast, publish(RENAMED), story.monday)

    killed(database_url, move, story.monday, "move")
    session.expire_all()
    assert sorted(outcomes(session, move)) == ["moved", "moved", "waiting", "waiting"]
    assert jobs.run_due(sessions, story.monday) == (1, 0, 0)
    session.expire_all()
    assert outcomes(session, move) == ["moved"] * 4

    undoing.order_undo(session, cast.ada, move, story.monday)
    session.commit()
    killed(database_url, move, story.monday, "undo")
    session.expire_all()
    assert sorted(outcomes(session, move)) == ["moved", "moved", "undone", "undone"]
    assert undoing.is_going_back(session, move)
    session.commit()
    assert jobs.run_due(sessions, story.monday) == (1, 0, 0)
    session.expire_all()
    assert outcomes(session, move) == ["undone"] * 4
    assert not undoing.is_going_back(session, move)

    for one in everyone:
        kinds = select(History.kind, func.count()).where(History.case_id == one.id)
        counted = dict(list(session.execute(kinds.group_by(History.kind))))
        assert (counted["moved"], counted["moved_back"]) == (1, 1)
        assert broken_links(session, one.id) == []


def test_a_long_move_goes_on_piece_by_piece(
    session, sessions, cast, story, publish, others, monkeypatch
):
    move = order(session, cast, publish(RENAMED), story.monday)
    monkeypatch.setattr(moving, "BATCH", 2)

    rounds = [jobs.run_due(sessions, story.later(seconds=n)) for n in range(3)]

    assert rounds == [(0, 0, 1), (1, 0, 0), (0, 0, 0)]
    assert outcomes(session, move) == ["moved"] * 3
    assert session.get_one(Move, move).finished_at == story.later(seconds=1)


def test_placing_that_was_killed_is_tried_again_and_blames_no_case(
    session, sessions, cast, story, publish, monkeypatch
):
    story.invite()
    move = order(session, cast, publish(RENAMED), story.monday)
    with monkeypatch.context() as patched:
        patched.setattr(placing_apart, "ask_for_lines", lambda *order: ([], "killed"))
        with pytest.raises(NoAnswer):
            moving.carry_out(sessions, move, story.monday)
        assert jobs.run_due(sessions, story.monday) == (0, 1, 0)
    assert outcomes(session, move) == ["waiting"]

    assert jobs.run_due(sessions, story.monday + jobs.LEASE) == (1, 0, 0)
    assert outcomes(session, move) == ["moved"]


def test_a_case_that_stops_the_placing_is_refused_and_the_others_move(
    session, sessions, cast, story, publish, others, monkeypatch
):
    move = order(session, cast, publish(RENAMED), story.monday)
    place = placing_apart.ask_for_lines
    bad = sorted(one.id.hex for one in others)[1]

    def stopped(worker, order, *limits):
        cases = [one["id"] for one in order["cases"]]
        lines, _ = place(worker, order, *limits)
        return (lines[: 1 + cases.index(bad)], "time") if bad in cases else (lines, None)

    monkeypatch.setattr(placing_apart, "ask_for_lines", stopped)
    for second in range(2):
        jobs.run_due(sessions, story.later(seconds=second))

    assert outcomes(session, move) == ["moved", "refused", "moved"]
    stories = session.scalars(select(MovedCase.story).where(MovedCase.outcome == "refused")).all()
    assert stories == ["试算超过了 20 秒，已经停止"]


# -- many cases are tried by the sweep -------------------------------------------------------------


@pytest.fixture
def many(monkeypatch):
    """One case is a batch, so that three are many."""
    monkeypatch.setattr(trials, "BATCH", 1)


def look(session, release, now, **more):
    found = trials.trial_of_release(session, release, {}, now, **more)
    session.commit()
    return found


def test_many_cases_are_tried_in_the_background_and_the_row_says_how_far(
    session, sessions, cast, story, publish, others, many
):
    release = publish(RENAMED)
    seen = [look(session, release, story.monday)]
    for second in range(4):
        jobs.run_due(sessions, story.later(seconds=second))
        seen.append(look(session, release, story.later(seconds=second)))

    assert [(one.tried, one.total, one.finished) for one in seen] == [
        (0, 3, False), (1, 3, False), (2, 3, False), (3, 3, False), (3, 3, True),
    ]  # fmt: skip
    assert seen[-1].fits == 3
    assert [one.case_id for one in seen[-1].fitting] == sorted(one.id for one in others)
    assert [(one.step, one.number) for one in seen[-1].standing] == [("应约", 3)]
    assert session.scalars(select(MovedCase)).all() == []


def test_a_batch_that_another_worker_added_is_not_counted_twice(
    session, sessions, cast, story, publish, others, many
):
    release = publish(RENAMED)
    look(session, release, story.monday)
    args = session.scalars(select(Job.args).where(Job.name == "try_cases")).one()
    session.commit()

    for _ in range(2):
        trials.try_cases(sessions, args, story.monday)

    assert look(session, release, story.monday).tried == 1


def test_a_trial_is_kept_for_a_while_and_ordered_anew_when_asked(
    session, sessions, cast, story, publish, others, many
):
    release = publish(RENAMED)
    look(session, release, story.monday)
    for second in range(4):
        jobs.run_due(sessions, story.later(seconds=second))

    assert look(session, release, story.monday + trials.FRESH).finished
    assert not look(session, release, story.monday, anew=True).finished
    for second in range(4):
        jobs.run_due(sessions, story.later(seconds=second))
    assert not look(session, release, story.later(hours=1)).finished


def test_a_trial_that_cannot_be_done_says_so(session, cast, story, publish, others, many):
    release = publish(RENAMED)
    look(session, release, story.monday)
    session.execute(update(Job).where(Job.name == "try_cases").values(state="failed"))
    session.commit()

    found = look(session, release, story.monday)

    assert (found.finished, found.problem) == (True, trials.STOPPED)


def test_a_draft_that_changes_meanwhile_ends_its_trial(
    session, sessions, cast, story, published, others, many
):
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, story.monday)
    session.commit()
    trials.trial_of_draft(session, draft, story.monday)
    session.commit()
    args = session.scalars(select(Job.args).where(Job.name == "try_cases")).one()
    changed = draft.diagram.replace('name="应约"'.encode(), 'name="答复"'.encode())
    save_parts(
        session, cast.ada, draft.id, revision=draft.revision, now=story.monday, diagram=changed
    )
    session.commit()

    assert trials.try_cases(sessions, args, story.monday) is None

    kept = session.scalars(select(Job.args).where(Job.name == "try_cases")).one()
    assert kept["found"]["problem"] == trials.OUTDATED
