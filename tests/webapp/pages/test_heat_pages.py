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


def test_college_and_days_narrow_the_numbers_and_the_cases_behind_them_alike(
    visit, cast, story, clock, session
):
    physics = cast.make.college(cast.school, "物理学院", "02")
    graduate, _ = cast.make.graduate(cast.school, physics, "另一位")
    session.commit()
    mine, _ = story.invite()
    clock.move(days=10)
    other, _ = story.invite(graduate=graduate)
    release_id = session.get_one(Case, mine.id).release_id
    ada = visit(cast.ada)
    today = clock.now.strftime("%Y-%m-%d")
    asked = {
        "": {mine.id, other.id},
        f"college={physics.id.hex}": {other.id},
        f"college={cast.college.id.hex}": {mine.id},
        f"since={today}": {other.id},
        f"until={today}": {mine.id, other.id},
        f"until={today}&college={cast.college.id.hex}": {mine.id},
        f"since={today}&college={cast.college.id.hex}": set(),
    }

    for query, wanted in asked.items():
        page = ada.get(f"/design/releases/{release_id}/heat?{query}").text
        links = map(html.unescape, re.findall(r'href="([^"]+heat/cases[^"]+)"', page))
        waiting = [one for one in links if "Answer_invitation" in one and "state=open" in one]
        assert len(waiting) == bool(wanted), query
        cases = ada.get(waiting[0]).text if waiting else ""
        assert {one for one in (mine.id, other.id) if f"/cases/{one}" in cases} == wanted, query
