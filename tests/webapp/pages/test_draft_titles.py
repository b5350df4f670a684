"""Naming drafts: titles differ within a school, short names stay once they are known; nothing typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.models import Audit, Draft
from webapp.services.design import releases
from webapp.services.design.drafts import list_drafts, open_draft, save_parts

FAMILY = "online_signing"
PACKAGED = "线上签约：用人单位邀请"


@pytest.fixture
def draft(session, cast, clock):
    """One that this school alone has, never published."""
    draft = open_draft(session, cast.ada, FAMILY, "summer", clock.now, title="暑期签约")
    session.commit()
    return draft


@pytest.fixture
def ada(visit, cast):
    return visit(cast.ada)


def rename(ada, draft, **typed):
    sent = {"revision": draft.revision, "read": draft.title, "title": "暑假签约", **typed}
    return ada.post(f"/design/{draft.id}/title", data=sent)


def names(session, draft) -> tuple[str, str]:
    session.rollback()
    session.expire_all()
    found = session.get_one(Draft, draft.id)
    return found.title, found.variant


def test_a_draft_gets_another_title_and_short_name_and_the_audit_says_so(ada, draft, session):
    page = ada.get(f"/design/{draft.id}/title").text
    answer = rename(ada, draft, variant="holidays")

    assert 'value="summer"' in page
    assert answer.status_code == 303
    assert names(session, draft) == ("暑假签约", "holidays")
    told = session.scalars(select(Audit.about).where(Audit.act == "draft_renamed")).one()
    assert told == "暑期签约（summer） 改为 暑假签约（holidays）"
    assert "流程草稿改名" in ada.get("/admin/audit").text


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"title": PACKAGED}, "已经有一种流程叫"),
        ({"title": "  "}, "没有写名称"),
        ({"title": "长" * 61}, "最多 60 个"),
        ({"variant": "employer_invitation"}, "已经有短名是"),
        ({"variant": "Bad Name"}, "短名用小写英文字母开头"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_cannot_be_a_name_is_refused_and_kept_in_the_field(ada, draft, session, typed, word):
    answer = rename(ada, draft, **typed)

    assert answer.status_code == 422
    assert word in answer.text
    assert all(
        f'value="{value.strip()}"' in answer.text for value in typed.values() if value.strip()
    )
    assert names(session, draft) == ("暑期签约", "summer")


def test_the_title_of_a_release_and_of_another_draft_are_taken(ada, draft, session, cast, clock):
    open_draft(session, cast.ada, FAMILY, "autumn", clock.now, title="秋季签约")
    publish(session, cast, clock, "寒假登记")

    for taken in ("秋季签约", "寒假登记"):
        assert "已经有一种流程叫" in rename(ada, draft, title=taken).text


def publish(session, cast, clock, title: str) -> None:
    release = releases.publish_variant(
        session, cast.school.id, "paper_registration", "signed_agreement", clock.now
    )
    own = open_draft(session, cast.ada, release.family, release.variant, clock.now)
    save_parts(session, cast.ada, own.id, revision=own.revision, now=clock.now, title=title)
    session.commit()


def test_what_was_published_or_packaged_keeps_its_short_name(ada, session, cast, clock):
    draft = open_draft(session, cast.ada, FAMILY, "employer_invitation", clock.now)
    session.commit()

    assert 'name="variant"' not in ada.get(f"/design/{draft.id}/title").text
    answer = rename(ada, draft, variant="other", title="新的名称")
    assert (answer.status_code, "不能再改" in answer.text) == (422, True)
    assert rename(ada, draft, title="线上签约：由单位邀请").status_code == 303
    assert names(session, draft) == ("线上签约：由单位邀请", "employer_invitation")


def test_a_name_is_never_put_over_one_that_somebody_else_gave(ada, draft, session, cast, clock):
    late = {"revision": 1, "read": "暑期签约"}
    save_parts(session, cast.ada, draft.id, revision=1, now=clock.now, scenarios="")
    session.commit()
    assert rename(ada, draft, **late).status_code == 303

    answer = rename(ada, draft, **late, title="又一个名称")

    assert answer.status_code == 409
    assert "保存过这份草稿" in answer.text
    assert names(session, draft) == ("暑假签约", "summer")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"title": PACKAGED}, "已经有一种流程叫"),
        ({"variant": "summer"}, "已经有短名是 summer"),
        ({"variant": "2"}, "短名用小写英文字母开头"),
        ({"like": "rescission/online_two_party"}, "另一个类别"),
    ],
    ids=["title", "variant", "no word", "another family"],
)
def test_a_new_flow_is_refused_on_its_page_with_what_was_typed(
    ada, draft, session, cast, typed, word
):
    sent = {"family": FAMILY, "variant": "winter", "title": "寒假签约", "like": "", **typed}

    answer = ada.post("/design", data=sent)

    assert answer.status_code == 422
    assert word in answer.text
    assert f'value="{sent["title"]}"' in answer.text
    assert f'value="{sent["variant"]}"' in answer.text
    session.rollback()
    assert [one.variant for one in list_drafts(session, cast.ada)] == ["summer"]


def test_a_new_flow_begins_like_another_of_its_family(ada, session, cast):
    like = f"{FAMILY}/employer_invitation"
    sent = {"family": FAMILY, "variant": "winter", "title": "寒假签约", "like": like}

    assert ada.post("/design", data=sent).status_code == 303

    session.rollback()
    (draft,) = list_drafts(session, cast.ada)
    assert draft.title == "寒假签约"
    assert b"Fill_invitation" in draft.diagram
