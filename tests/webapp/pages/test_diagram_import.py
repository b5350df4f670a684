"""A file of another tool becomes a draft once every guess is confirmed; nothing of it is lost."""

from __future__ import annotations

import hashlib
import html
import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.diagram import read_diagram
from webapp.models import Audit, Draft
from webapp.pages.importing import pack, unpack
from webapp.services.design.drafts import open_draft

DIALECTS = Path(__file__).parents[2] / "processes" / "importing" / "dialects"
CAMUNDA = DIALECTS / "camunda7.bpmn"
TARGET = {"family": "other_destination", "variant": "leave", "title": "请假"}


@pytest.fixture
def take(visit, cast):
    """Upload a file, or send the page again with more of it filled in."""
    client = visit(cast.ada)

    def post(file: Path | None = None, **typed):
        data = dict(typed)
        if file is not None:
            data["file"] = (io.BytesIO(file.read_bytes()), file.name)
        return client.post("/design/import", data=data, content_type="multipart/form-data")

    return post


def fields(page: str) -> dict[str, str]:
    """What the page carries hidden, and every tick set."""
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    ticks = re.findall(r'type="checkbox" name="(ok-[^"]+)"', page)
    known = {name: html.unescape(value) for name, value in hidden if name != "csrf_token"}
    return known | dict.fromkeys(ticks, "1")


def drafts(session) -> list[Draft]:
    session.rollback()
    return list(session.scalars(select(Draft)))


def test_an_uploaded_file_is_told_point_by_point_and_nothing_is_stored(take, session):
    page = take(CAMUNDA)

    assert page.status_code == 200
    assert "Apply.leave_kind == &#39;sick&#39; and Apply.days &gt; 3" in page.text
    assert "第 21 行" in page.text
    assert "服务任务没有本系统的操作" in page.text
    assert drafts(session) == []


def test_a_confirmed_file_becomes_a_draft_and_the_original_is_kept(take, session, visit, cast):
    first = take(CAMUNDA)

    saved = take(**fields(first.text), **TARGET, save="1")

    assert saved.status_code == 303
    (draft,) = drafts(session)
    assert (draft.family, draft.variant, draft.title) == ("other_destination", "leave", "请假")
    assert read_diagram(draft.diagram).elements["Apply"].form == "imported/apply"
    assert draft.forms["imported/apply"]["title"] == "填写申请"
    assert f"/design/{draft.id}/original" in visit(cast.ada).get(f"/design/{draft.id}").text
    original = visit(cast.ada).get(f"/design/{draft.id}/original")
    assert original.data == CAMUNDA.read_bytes()
    assert "camunda7.bpmn" in original.headers["Content-Disposition"]
    about = session.scalars(select(Audit.about).where(Audit.act == "diagram_imported")).one()
    assert about.endswith(hashlib.sha256(CAMUNDA.read_bytes()).hexdigest())


def test_what_is_not_confirmed_is_not_stored_and_the_file_comes_back(take, session):
    carried = {k: v for k, v in fields(take(CAMUNDA).text).items() if not k.startswith("ok-")}

    page = take(**carried, **TARGET, save="1")

    assert page.status_code == 422
    assert "没有确认" in page.text
    assert unpack(fields(page.text)["kept"]) == CAMUNDA.read_bytes()
    assert 'value="leave"' in page.text
    assert drafts(session) == []


@pytest.mark.parametrize("variant", ["", "Bad Name", "9"])
def test_a_bad_short_name_comes_back_with_everything_typed(take, session, variant):
    page = take(**fields(take(CAMUNDA).text), **{**TARGET, "variant": variant}, save="1")

    assert page.status_code == 422
    assert "短名" in page.text
    assert unpack(fields(page.text)["kept"]) == CAMUNDA.read_bytes()
    assert drafts(session) == []


def test_a_standing_draft_is_only_replaced_when_that_is_said(take, session, cast, monday):
    standing = open_draft(session, cast.ada, TARGET["family"], TARGET["variant"], monday)
    session.commit()
    before = standing.diagram
    carried = fields(take(CAMUNDA).text)

    refused = take(**carried, **TARGET, save="1")

    assert refused.status_code == 422
    assert "已经有草稿" in refused.text or "保存过" in refused.text
    (draft,) = drafts(session)
    assert draft.diagram == before

    assert take(**carried, **TARGET, replacing=str(draft.revision), save="1").status_code == 303
    (draft,) = drafts(session)
    assert (draft.revision, b"Apply" in draft.diagram) == (2, True)


def test_a_draft_that_was_saved_meanwhile_is_not_replaced(take, session, cast, monday):
    open_draft(session, cast.ada, TARGET["family"], TARGET["variant"], monday)
    session.commit()
    carried = fields(take(CAMUNDA).text)

    page = take(**carried, **TARGET, replacing="7", save="1")

    assert page.status_code == 409
    assert b"Apply" not in drafts(session)[0].diagram


def test_roles_and_process_are_chosen_on_the_page(take, session):
    carried = fields(take(DIALECTS / "flowable.bpmn20.xml").text)

    page = take(**carried, **{"role-who:manager": "reviewer"})

    again = fields(page.text)
    assert again["role-who:manager"] == "reviewer"
    assert take(**again, **TARGET, save="1").status_code == 303
    assert read_diagram(drafts(session)[0].diagram).elements["boss"].role == "reviewer"


def test_another_process_of_the_file_can_be_chosen(take):
    carried = fields(take(DIALECTS / "signavio.bpmn").text)

    page = take(**carried, process="sid-b")

    assert re.search(r'value="sid-b" checked', page.text)


@pytest.mark.parametrize("content", [b"", b"hello", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_what_is_no_diagram_is_refused_with_a_reason(take, tmp_path, session, content):
    file = tmp_path / "a.bpmn"
    file.write_bytes(content)

    page = take(file, **TARGET, save="1")

    assert page.status_code == 422
    assert drafts(session) == []


def test_no_file_is_said(take):
    page = take(**TARGET)

    assert page.status_code == 422
    assert "请选择文件" in page.text


def test_a_hidden_field_that_somebody_bent_is_no_file(take):
    assert take(kept="not base64", name="x").status_code == 422
    assert len(unpack(pack(b"x" * 50_000_000))) < 3_000_000
