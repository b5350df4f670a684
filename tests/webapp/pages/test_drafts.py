"""A page keeps its draft by itself, never over a newer one, and never for somebody else."""

from __future__ import annotations

import pytest

from webapp.models import Task
from webapp.services.cases.drafts import mark_of


@pytest.fixture
def task(story):
    """An invitation that Hengxin is filling in."""
    return story.open_task(story.start())


def keep(client, task, mark, **typed):
    return client.post(f"/tasks/{task.id}/draft", data={"_mark": mark, **typed})


def stored(session, task):
    """What was typed, as the draft keeps it."""
    session.rollback()
    return (session.get_one(Task, task.id).draft or {}).get("_typed", {})


@pytest.mark.requirement("F23")
def test_what_is_typed_is_kept_without_a_press_on_save(visit, cast, session, task):
    client = visit(cast.hengxin)

    first = keep(client, task, mark_of(None), salary="9500")
    second = keep(client, task, first.json["mark"], salary="9600")

    assert (first.status_code, second.status_code) == (200, 200)
    assert stored(session, task)["salary"] == ["9600"]
    assert f'data-mark="{second.json["mark"]}"' in client.get(f"/tasks/{task.id}/answer").text


def test_an_older_page_does_not_win_over_a_newer_draft(visit, cast, session, task):
    client = visit(cast.hengxin)
    keep(client, task, mark_of(None), salary="9500")

    late = keep(client, task, mark_of(None), salary="1")

    assert late.status_code == 409
    assert stored(session, task)["salary"] == ["9500"]


def test_the_page_shown_again_knows_the_draft_that_it_saved(visit, cast, session, task):
    client = visit(cast.hengxin)

    page = client.post(f"/tasks/{task.id}/answer", data={"salary": "x", "do": "check"})

    assert page.status_code == 422
    session.rollback()
    mark = page.text.split('data-mark="')[1].split('"')[0]
    assert mark == mark_of(session.get_one(Task, task.id).draft)
    assert keep(client, task, mark, salary="9500").status_code == 200


def test_nothing_is_kept_for_an_answered_task(visit, cast, session, story):
    _, task = story.invite()
    story.submit(cast.lin, task, outcome="refuse", reason="不去")

    assert keep(visit(cast.lin), task, mark_of(None), reason="去").status_code == 409
    assert stored(session, task) == {}
