"""What is due gets done once, whatever fails beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import select

from webapp import jobs
from webapp.models import Case, History, Incident, Job, Notification
from webapp.services.cases import incidents, steps, sweep


@pytest.fixture
def invitations(story, session, cast):
    """Five employers invite Lin; all wait until the same moment."""
    made = []
    for number in range(5):
        employer, member = cast.make.employer(f"公司{number}")
        session.commit()
        made.append(story.invite(member, employer=employer)[0])
    return made


def statuses(session):
    session.rollback()
    return sorted(session.scalars(select(Case.status)))


@pytest.mark.requirement("H06")
def test_every_due_case_lapses(story, sessions, session, invitations):
    early = sweep.wake_due_cases(sessions, story.later(days=4))
    due = sweep.wake_due_cases(sessions, story.later(days=5), batch=2)
    again = sweep.wake_due_cases(sessions, story.later(days=6))

    assert (early.woken, due.woken, again.woken) == (0, 5, 0)
    assert statuses(session) == ["lapsed"] * 5


def test_two_workers_share_the_work_and_double_nothing(story, sessions, session, invitations):
    moment = story.later(days=5)

    reports = race(sessions, [lambda _: sweep.wake_due_cases(sessions, moment)] * 2)

    assert sum(report.woken for report in reports) == 5
    assert sum(report.failed for report in reports) == 0
    assert statuses(session) == ["lapsed"] * 5
    fired = session.scalars(select(History).where(History.kind == "fired")).all()
    assert len(fired) == 5
    told = session.scalars(select(Notification).where(Notification.event == "lapsed")).all()
    assert len(told) == len({notice.case_id for notice in told}) == 5


def test_a_failing_case_does_not_stop_the_others(
    story, sessions, session, invitations, monkeypatch
):
    broken = invitations[2].id
    real = steps.wake

    def wake(session, case_id, now, skip_locked=False):
        if case_id == broken:
            raise RuntimeError("no way out")
        return real(session, case_id, now, skip_locked)

    monkeypatch.setattr(steps, "wake", wake)
    moment = story.later(days=5)
    first = sweep.wake_due_cases(sessions, moment)
    resting = sweep.wake_due_cases(sessions, moment)
    retried = sweep.wake_due_cases(sessions, moment + timedelta(minutes=1))
    incident = session.scalars(select(Incident)).one()

    assert (first.woken, first.failed) == (4, 1)
    assert (resting.woken, resting.failed) == (0, 0)
    assert (retried.woken, retried.failed) == (0, 1)
    assert (incident.case_id, incident.attempts) == (broken, 2)
    assert incident.retry_at == moment + timedelta(minutes=3)
    assert "no way out" in incident.story


def test_two_workers_that_fail_together_write_one_incident(story, sessions, session, invitations):
    case_id, moment = invitations[0].id, story.later(days=5)
    session.rollback()

    def fail(_session):
        sweep.record_incident(sessions, case_id, RuntimeError("no way out"), moment)

    results = race(sessions, [fail] * 4)

    assert results == [None] * 4
    incident = session.scalars(select(Incident)).one()
    assert (incident.case_id, incident.attempts) == (case_id, 4)
    assert incident.retry_at == moment + timedelta(minutes=8)


def test_an_incident_is_solved_when_the_case_goes_on(
    story, sessions, session, cast, invitations, monkeypatch
):
    monkeypatch.setattr(steps, "wake", lambda *a, **k: 1 / 0)
    moment = story.later(days=5)
    sweep.wake_due_cases(sessions, moment)
    monkeypatch.undo()
    for incident_id in session.scalars(select(Incident.id)).all():
        incidents.retry_incident(session, cast.ada, incident_id, moment)
    session.commit()

    report = sweep.wake_due_cases(sessions, moment)

    assert report.woken == 5
    session.rollback()
    assert list(session.scalars(select(Incident.solved_at))) == [moment] * 5


def test_pauses_grow_and_stay_bounded():
    pauses = [sweep.pause(attempts) for attempts in (1, 2, 3, 50)]

    assert pauses == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
        sweep.LONGEST_PAUSE,
    ]


@pytest.fixture
def done(monkeypatch):
    """What a job called `sample` was given, in order."""
    given = []
    monkeypatch.setitem(jobs.HANDLERS, "sample", lambda sessions, args, now: given.append(args))
    return given


def test_a_job_is_stored_with_its_cause_and_done_once(sessions, session, monday, done):
    jobs.enqueue(session, "sample", {"n": 1}, monday, once_key="one")
    jobs.enqueue(session, "sample", {"n": 2}, monday, once_key="one")
    session.commit()
    jobs.enqueue(session, "sample", {"n": 3}, monday)
    session.rollback()

    first = jobs.run_due(sessions, monday)
    second = jobs.run_due(sessions, monday + timedelta(days=1))

    assert (first, second) == ((1, 0, 0), (0, 0, 0))
    assert done == [{"n": 1}]


def test_two_workers_never_take_the_same_job(sessions, session, monday, done):
    for number in range(6):
        jobs.enqueue(session, "sample", {"n": number}, monday)
    session.commit()

    results = race(sessions, [lambda _: jobs.run_due(sessions, monday)] * 2)

    assert sum(ran.done for ran in results) == 6
    assert sorted(given["n"] for given in done) == list(range(6))


def test_a_thousand_jobs_of_one_kind_do_not_hold_up_another(
    sessions, session, monday, done, monkeypatch
):
    documents = []
    monkeypatch.setitem(jobs.HANDLERS, "document", lambda _, args, now: documents.append(args))
    for number in range(7):
        jobs.enqueue(session, "sample", {"n": number}, monday)
    jobs.enqueue(session, "document", {}, monday + timedelta(seconds=1))
    session.commit()

    outcome = jobs.run_due(sessions, monday + timedelta(minutes=1), limit=5)

    assert outcome == (6, 0, 0)
    assert documents == [{}]
    assert [given["n"] for given in done] == list(range(5))


def test_a_job_whose_worker_was_killed_comes_back(sessions, session, monday, done):
    jobs.enqueue(session, "sample", {"n": 1}, monday)
    session.commit()
    jobs.claim(sessions, monday, "sample")

    at_once = jobs.run_due(sessions, monday)
    later = jobs.run_due(sessions, monday + jobs.LEASE)

    assert (at_once, later) == ((0, 0, 0), (1, 0, 0))


def test_a_failing_job_is_kept_with_its_story(sessions, session, monday):
    jobs.enqueue(session, "nobody_knows_this", {}, monday)
    session.commit()

    outcome = jobs.run_due(sessions, monday)

    kept = session.scalars(select(Job)).one()
    assert outcome == (0, 1, 0)
    assert (kept.state, kept.attempts) == ("waiting", 1)
    assert "nobody_knows_this" in kept.story


def test_long_work_goes_on_in_the_next_round_behind_what_is_due(
    sessions, session, monday, done, monkeypatch
):
    pieces = iter([jobs.MORE, jobs.MORE, None])
    monkeypatch.setitem(jobs.HANDLERS, "long", lambda *_: done.append("piece") or next(pieces))
    jobs.enqueue(session, "long", {}, monday)
    jobs.enqueue(session, "sample", {"n": 1}, monday + timedelta(seconds=1))
    session.commit()

    rounds = [jobs.run_due(sessions, monday + timedelta(seconds=n)) for n in range(4)]

    assert rounds == [(0, 0, 1), (1, 0, 1), (1, 0, 0), (0, 0, 0)]
    assert done.count("piece") == 3
    kept = session.scalars(select(Job).where(Job.name == "long")).one()
    assert (kept.state, kept.attempts) == ("done", 1)


def reminded(session):
    found = select(Notification.person_id).where(Notification.event == "reminder")
    return sorted(session.scalars(found))


def test_who_keeps_a_step_waiting_is_reminded_once(story, sessions, session, cast):
    story.invite(reply_by=story.later(days=20))
    sweep.run_sweep(sessions, story.later(days=2))
    assert reminded(session) == []
    session.rollback()

    sweep.run_sweep(sessions, story.later(days=3))
    sweep.run_sweep(sessions, story.later(days=4))

    assert reminded(session) == [cast.lin.person_id]


def test_who_has_acted_is_not_reminded(story, sessions, session, cast):
    _, answer = story.invite(reply_by=story.later(days=20))
    story.accept(cast.lin, answer)

    sweep.run_sweep(sessions, story.later(days=3))

    assert reminded(session) == [cast.rao.person_id]


def last_days(session):
    found = select(Notification.person_id, Notification.text)
    session.rollback()
    return session.execute(found.where(Notification.event == "last_day")).all()


@pytest.mark.requirement("H06", "C08")
def test_a_day_before_silence_ends_a_step_its_holder_is_reminded_once(
    story, sessions, session, cast
):
    story.invite(reply_by=story.later(days=5))
    sweep.run_sweep(sessions, story.later(days=3, hours=23))
    early = last_days(session)

    sweep.run_sweep(sessions, story.later(days=4, hours=1))
    sweep.run_sweep(sessions, story.later(days=4, hours=2))

    ((person, text),) = last_days(session)
    assert (early, person) == ([], cast.lin.person_id)
    assert "到期" in text


def test_a_reminder_that_comes_after_the_end_says_nothing(story, sessions, session):
    story.invite(reply_by=story.later(days=5))

    sweep.run_sweep(sessions, story.later(days=6))

    assert last_days(session) == []


@pytest.mark.requirement("H07")
def test_nobody_is_reminded_of_what_can_only_be_read(story, sessions, session, cast):
    employer, member = cast.make.employer("长风公司")
    session.commit()
    story.invite(member, employer=employer, reply_by=story.later(days=5))
    _, answer = story.invite(reply_by=story.later(days=5))
    story.accept(cast.lin, answer)

    sweep.run_sweep(sessions, story.later(days=4, hours=1))

    assert last_days(session) == []


def test_a_deadline_is_told_apart_from_a_reminder(story, session, cast):
    case, answer = story.invite()
    by_silence = (answer.lapses, answer.due_at)
    story.accept(cast.lin, answer)
    review = story.open_task(case)

    assert by_silence == (True, story.later(days=5))
    assert (review.lapses, review.due_at) == (False, story.later(days=3))
