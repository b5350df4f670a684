"""Operators on the registry: paper agreements come in, destinations end."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.jobs import Job
from webapp.models import Agreement, Claim, Destination
from webapp.services.agreements import verification
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import steps
from webapp.services.cases.operators import CaseOperators
from webapp.services.cases.rows import lock_case, rows_of


@pytest.fixture
def operators(story, session, monday):
    """The operators of a case that has only begun."""
    case = story.start()
    steps.begin(session)
    return CaseOperators(session, lock_case(rows_of(session), case.id), monday)


def asking(case, now, act):
    """An operator of a case called as a step would: under the case's lock."""

    def run(session):
        steps.begin(session)
        return act(CaseOperators(session, lock_case(rows_of(session), case.id), now))

    return run


@pytest.mark.requirement("L06")
def test_a_paper_agreement_keeps_its_number_and_no_document_is_made(operators, session, monday):
    result = operators.register_agreement(" ZH-2026-0042 ")

    stored = session.scalars(select(Agreement)).one()
    assert (result.outcome, result.values) == ("ok", {"number": "ZH-2026-0042"})
    assert (stored.number, stored.state, stored.issued_at) == ("ZH-2026-0042", "valid", monday)
    assert stored.snapshot["values"]["employer"]["name"] == "恒信科技有限公司"
    assert session.scalar(select(func.count(Job.id)).where(Job.name == "render_agreement")) == 0
    code = verification_code(stored.number)
    assert verification.verify(session, stored.number, code, monday).state == "waiting"
    operators.write_destination("10")
    assert verification.verify(session, stored.number, code, monday).state == "valid"


@pytest.mark.requirement("L06")
def test_a_paper_without_a_number_gets_the_schools_next(operators, session):
    result = operators.register_agreement()

    assert result.values["number"].startswith("202710001")
    assert session.scalar(select(Agreement.number)) == result.values["number"]


@pytest.mark.requirement("L06")
def test_a_number_stands_once_in_the_registry(story, sessions, session, cast, monday):
    graduates = [cast.make.graduate(cast.school, cast.college, name)[0] for name in "甲乙丙"]
    session.commit()
    begun = [story.start(graduate=graduate) for graduate in graduates]

    results = race(
        sessions,
        [asking(case, monday, lambda ask: ask.register_agreement("ZH-1")) for case in begun],
    )

    assert sorted(result.outcome for result in results) == ["number_taken", "number_taken", "ok"]
    assert session.scalar(select(func.count(Agreement.id))) == 1


@pytest.mark.requirement("M08")
def test_closing_a_destination_frees_the_graduate_once(story, sessions, session, monday):
    registered, other = story.start(), story.start()
    write = asking(
        registered, monday, lambda ask: (ask.acquire_claim(), ask.write_destination("801"))
    )
    race(sessions, [write])

    results = race(sessions, [asking(other, monday, lambda ask: ask.close_destination())] * 2)

    assert sorted(results) == ["none", "ok"]
    closed = session.scalars(select(Destination)).one()
    released = session.scalars(select(Claim)).one()
    assert (closed.case_id, closed.closed_at) == (registered.id, monday)
    assert released.released_at == monday


@pytest.mark.requirement("M10")
def test_what_an_agreement_wrote_is_never_closed(story, sessions, session, monday):
    story.complete()
    other = story.start()

    results = race(sessions, [asking(other, monday, lambda ask: ask.close_destination())])

    assert results == ["none"]
    assert session.scalars(select(Destination.closed_at)).one() is None
    assert session.scalars(select(Claim.released_at)).one() is None
