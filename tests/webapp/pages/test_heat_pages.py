"""The admin sees where time goes, and which cases are behind a number."""

from __future__ import annotations

import html
import json
import re

from webapp.models import Case


def test_the_table_the_drawing_and_the_cases_say_the_same(visit, cast, story, clock, session):
    case, task = story.invite()
    clock.move(days=2)
    story.submit(cast.lin, task, outcome="accept", ack=True)
    ada = visit(cast.ada)
    release_id = session.get_one(Case, case.id).release_id

    page = ada.get(f"/design/releases/{release_id}/heat").text

    row = re.search(r"<tr><th[^>]*>(?:(?!</tr>).)*Answer_invitation.*?</tr>", page, re.S)[0]
    assert "2 天" in row
    notes = [json.loads(html.unescape(one)) for one in re.findall(r'data-notes="([^"]+)"', page)]
    assert notes[0]["Answer_invitation"] == {"text": "1 次 · 2 天", "level": 4}
    assert notes[1]["College_review"]["text"] == "0 次 · 在等 1"
    cases = ada.get(
        f"/design/releases/{release_id}/heat/cases?element=School_review/College_review&state=open"
    ).text
    assert f"/cases/{case.id}" in cases
    done = f"/design/releases/{release_id}/heat/cases?element=Answer_invitation&state=cancelled"
    assert "没有符合条件的事项" in ada.get(done).text


def test_a_filter_that_cannot_be_read_narrows_nothing(visit, cast, story, session):
    case, _ = story.invite()
    release_id = session.get_one(Case, case.id).release_id

    page = visit(cast.ada).get(f"/design/releases/{release_id}/heat?since=昨天&college=x").text

    assert "Answer_invitation" in page
