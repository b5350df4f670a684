"""How much of a diagram its scenarios take, and where its cases really went."""

from __future__ import annotations

import html
import json
import re

import pytest

from webapp.models import Case, Draft
from webapp.services.design.drafts import open_draft


@pytest.fixture
def draft(session, cast, monday, published) -> Draft:
    found = open_draft(session, cast.ada, "online_signing", "employer_invitation", monday)
    session.commit()
    return found


def marks_in(page: str) -> list[dict[str, str]]:
    return [json.loads(html.unescape(one)) for one in re.findall(r'data-marks="([^"]+)"', page)]


def test_the_scenarios_of_a_release_take_every_flow(visit, cast, story, session):
    case, _ = story.invite()
    release_id = session.get_one(Case, case.id).release_id

    page = visit(cast.ada).get(f"/design/releases/{release_id}/coverage").text

    assert "（100%）" in page
    assert "都符合预期" in page
    assert set(marks_in(page)[0].values()) == {"added"}


def test_cases_colour_where_they_went_and_nothing_else(visit, cast, story, session):
    case, _ = story.invite()
    release_id = session.get_one(Case, case.id).release_id

    page = visit(cast.ada).get(f"/design/releases/{release_id}/coverage?by=cases").text

    marks = marks_in(page)[0]
    assert (marks["Is_sent"], marks["Answer_invitation"]) == ("added", "added")
    assert marks["After_Answer_invitation"] == "removed"
    assert "到“应约”" not in page.split("没有走过的")[1].split("</ul>")[0].replace("“应约”到", "")


def test_a_draft_says_what_its_scenarios_leave_out(visit, cast, draft, session):
    first = draft.scenarios.split("[[scenario]]")
    draft.scenarios = "[[scenario]]".join(first[:2])
    session.commit()

    page = visit(cast.ada).get(f"/design/{draft.id}/coverage").text

    assert "1 个场景，都符合预期" in page
    assert "没有走过的" in page
    assert "removed" in marks_in(page)[0].values()


def test_a_draft_without_scenarios_and_one_that_cannot_be_read_are_told(
    visit, cast, draft, session
):
    ada = visit(cast.ada)
    draft.scenarios = ""
    session.commit()
    assert "还没有场景" in ada.get(f"/design/{draft.id}/coverage").text

    draft.diagram = b"<no"
    session.commit()
    answer = ada.get(f"/design/{draft.id}/coverage")
    assert answer.status_code == 200
    assert "没有走成" in answer.text
