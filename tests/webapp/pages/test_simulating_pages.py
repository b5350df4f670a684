"""An admin simulates a term through a draft or release, from what happened or from typed numbers."""

from __future__ import annotations

import re

import pytest

from webapp.models import Case
from webapp.services.design.drafts import open_draft

TERM = "arrivals=3&days=5&from=8:30&until=17:00&people.reviewer=1&minutes.reviewer=6&share.Fill_invitation.outcome|send=1&share.Fill_invitation.outcome|discard=0"


@pytest.fixture
def address(story, session) -> str:
    case, task = story.invite()
    story.submit(story.cast.lin, task, outcome="accept", ack=True)
    return f"/design/releases/{session.get_one(Case, case.id).release_id}/simulate"


def value_of(page: str, name: str) -> str:
    return re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)[1]


def test_the_form_begins_with_what_happened(visit, cast, address):
    page = visit(cast.ada).get(address).text

    assert "按近一年 1 件的经过" in page
    assert value_of(page, "share.Answer_invitation.outcome|accept") == "1"
    assert value_of(page, "share.Answer_invitation.outcome|refuse") == "0"
    assert value_of(page, "arrivals") == "1"
    assert "接受" in page


def test_a_term_is_told_and_what_was_typed_stays(visit, cast, address):
    answer = visit(cast.ada).get(f"{address}?{TERM}")

    assert answer.status_code == 200
    started = int(re.search(r"发起 (\d+) 件，走完", answer.text)[1])
    assert started > 5
    assert value_of(answer.text, "minutes.reviewer") == "6"
    assert answer.text.count("<polyline points=") == answer.text.count("傍晚最多积压") > 0
    assert "等得最多的一步" in answer.text
    assert "data-notes" in answer.text


@pytest.mark.parametrize(
    ("typed", "told"), [("arrivals=x&days=5", "大于 0"), ("arrivals=3&days=inf", "天数要在")]
)
def test_a_wrong_number_is_told_and_nothing_is_lost(visit, cast, address, typed, told):
    answer = visit(cast.ada).get(f"{address}?{typed}&from=8:30&until=17:00")

    assert answer.status_code == 422
    assert told in answer.text
    assert value_of(answer.text, "arrivals") == typed.split("&")[0].partition("=")[2]


def test_a_draft_is_simulated_as_it_was_saved_last(visit, cast, session, monday, story):
    draft = open_draft(session, cast.ada, "online_signing", "employer_invitation", monday)
    session.commit()

    page = visit(cast.ada).get(f"/design/{draft.id}/simulate?{TERM}").text

    assert "近一年没有办过" in page
    assert "回到草稿" in page
    assert "等得最多的一步" in page
