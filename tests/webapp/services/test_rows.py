"""A case is stored by naming what changed; the row must be the same as if all had been named."""

from __future__ import annotations

from datetime import timedelta, timezone
from itertools import combinations

import pytest

from webapp.errors import ChangedMeanwhile
from webapp.models import Case
from webapp.services.cases import steps
from webapp.services.cases.rows import LISTED, lock_case, moved
from webapp.services.cases.statements import Batch

SUBSETS = [chosen for size in range(7) for chosen in combinations(LISTED, size)]


@pytest.fixture
def others(story):
    """Another value for each of LISTED."""
    return {
        "status": "elsewhere",
        "wake_at": story.later(days=3),
        "ended_at": story.later(days=1),
        "end_element": "Somewhere",
        "messages": ["withdraw", "another"],
        "typed_employer": "某某公司",
    }


def store(session, case):
    batch = Batch()
    batch.add(*moved(case), counted=True)
    steps.store(session, case, batch)


def row(session, case):
    found = session.get_one(Case, case.id, populate_existing=True)
    return {name: getattr(found, name) for name in (*LISTED, "variables", "version", "state")}


def meant(case):
    return {name: getattr(case, name) for name in (*LISTED, "variables", "version", "state")}


def test_every_combination_of_changes_arrives(story, session, others):
    started = story.start()
    tried = 0
    for chosen in SUBSETS:
        if {"wake_at", "ended_at"} <= set(chosen):
            continue  # an ended case never wakes; the database refuses it
        case = lock_case(steps.begin(session), started.id)
        for name in chosen:
            setattr(case, name, others[name])
        case.variables = {**case.variables, "Tried": {"outcome": str(tried)}}
        store(session, case)

        assert row(session, case) == meant(case), chosen
        session.rollback()
        tried += 1
    assert tried == 48


def test_what_changes_twice_in_a_transaction_is_stored_twice(story, session, others):
    case = lock_case(steps.begin(session), story.start().id)
    before = case.status
    case.status = others["status"]
    store(session, case)
    case.status = before
    store(session, case)

    assert row(session, case)["status"] == before


def test_columns_of_lists_are_named_only_where_they_changed(story, session, others):
    case = lock_case(steps.begin(session), story.start().id)
    assert not any(f"{name} =" in moved(case)[0] for name in LISTED)

    case.wake_at = others["wake_at"]
    assert "wake_at =" in moved(case)[0]
    assert "status =" not in moved(case)[0]


def test_a_case_that_somebody_else_stored_is_not_stored_again(story, session):
    case = lock_case(steps.begin(session), story.start().id)
    case.version -= 1

    with pytest.raises(ChangedMeanwhile):
        store(session, case)


@pytest.mark.parametrize("zone", [0, 8, -3])
def test_values_come_back_as_they_were_sent(story, session, others, zone):
    """Ids, moments of any zone, texts and JSON with a NUL, numbers, nothing: on both databases."""
    case = lock_case(steps.begin(session), story.start().id)
    case.wake_at = others["wake_at"].astimezone(timezone(timedelta(hours=zone)))
    case.variables = {
        "Odd": {"text": '双引号" 反斜杠\\ \u0000 \U0001f642', "number": 1.5, "none": None}
    }
    store(session, case)
    session.commit()

    again = lock_case(steps.begin(session), case.id)
    for name, value in vars(case).items():
        if name != "stored":
            assert getattr(again, name) == value, name
            assert type(getattr(again, name)) is type(value), name
    assert again.wake_at.utcoffset() == timedelta()
