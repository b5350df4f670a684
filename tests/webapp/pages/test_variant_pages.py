"""The page of a variant: every release, what it is worth, and the ways on from there."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from sqlalchemy import select

from processes import library
from processes.covering import Rehearsed
from processes.explore.proving import Proof, Proven
from processes.findings import Finding
from webapp.models import Release
from webapp.services.design import carrying, judging, releases

FAMILY, VARIANT = "online_signing", "employer_invitation"
ADDRESS = f"/design/variants/{FAMILY}/{VARIANT}"


@pytest.fixture
def newer(session, cast, clock, published):
    """A second release of the invitation, by Ada."""
    diagram, called = library.load_family(FAMILY, VARIANT)
    xml = diagram.xml.decode().replace('name="应约"', 'name="答复邀请"')
    release = releases.publish(
        session, cast.school.id, FAMILY, VARIANT, xml.encode(),
        {key: child.xml for key, child in called.items()},
        releases.definitions_for([diagram, *called.values()]), now=clock.now,
        author_id=cast.ada.person_id, note="改个名字", scenarios="",
    )  # fmt: skip
    session.commit()
    return release.id


def first_of(session):
    wanted = select(Release.id).where(Release.family == FAMILY, Release.number == 1)
    return session.scalars(wanted).one()


def test_every_release_is_told_with_its_author_note_hash_and_cases(
    visit, cast, session, story, clock, newer
):
    story.invite()
    ada = visit(cast.ada)

    assert f'href="{ADDRESS}"' in ada.get("/design").text
    page = ada.get(ADDRESS).text

    assert "使用中的是第 2 版" in page
    assert page.index("第 2 版</a>") < page.index("第 1 版</a>")
    assert re.search(r"安达 .* 发布：改个名字", page)
    assert session.get_one(Release, newer).content_hash in page
    assert page.count("1 件") == 1
    for one in (first_of(session), newer):
        assert f"/design/releases/{one}/heat" in page
        assert f"/design/moves/new/{one}" in page
        assert f"/design/releases/{one}/download" in page
    assert f"/design/releases/{first_of(session)}/return" in page
    assert f"/design/releases/{newer}/return" not in page


def test_any_two_are_compared_and_one_with_itself_is_not(visit, cast, session, newer):
    ada, first = visit(cast.ada), first_of(session)

    answer = ada.get(f"{ADDRESS}?one={first.hex}&other={newer.hex}")
    same = ada.get(f"{ADDRESS}?one={first.hex}&other={first.hex}")

    assert answer.location == f"/design/releases/{first}/compare?with={newer.hex}"
    assert "“应约”改名为“答复邀请”" in ada.get(answer.location).text
    assert "选的是同一版" in same.text


def test_a_release_is_proven_when_asked_and_the_verdict_stays(
    visit, cast, session, newer, monkeypatch
):
    """What the processes find is their own tests' matter; see the next test for the real ones."""
    found = Finding("deadlock", "error", "Fill", "填写", 0, "会停在这里", "改")
    asked = []
    monkeypatch.setattr(judging, "VERDICTS", {})
    monkeypatch.setattr(
        judging,
        "prove_in_process",
        lambda *given, **more: asked.append(given) or Proof(1, (Proven(found),), states=7, ends=2),
    )
    monkeypatch.setattr(
        "webapp.services.design.runnable.Runnable.rehearse",
        lambda self: Rehearsed(problem="没有场景。"),
    )
    ada = visit(cast.ada)
    assert "现在证明" in ada.get(ADDRESS).text
    assert asked == []

    page = ada.get(f"{ADDRESS}?prove={newer.hex}").text
    ada.get(f"{ADDRESS}?prove={newer.hex}")

    assert "有 1 个错误" in page
    assert "填写：会停在这里" in page
    assert "7 种情形，2 种结束" in page
    assert "没有场景。" in page
    assert len(asked) == 1
    assert "有 1 个错误" in ada.get(ADDRESS).text
    assert ada.get(ADDRESS).text.count("现在证明") == 1


def test_a_packaged_release_is_proven_with_its_scenarios(session, published):
    release = session.scalars(
        select(Release).where(Release.family == "base_data", Release.variant == "correction")
    ).one()

    verdict = judging.judge(release)

    assert (verdict.proof.status, verdict.errors) == (0, 0)
    taken, flows = verdict.flows
    assert 0 < taken <= flows
    assert verdict.rehearsed.played > 0


def test_a_release_is_downloaded_as_a_folder_that_can_be_published_again(
    visit, cast, session, newer, tmp_path
):
    answer = visit(cast.ada).get(f"/design/releases/{newer}/download")

    assert answer.mimetype == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.data)).extractall(tmp_path)
    (folder,) = carrying.find_parcels(tmp_path)
    parcel = carrying.read_folder(folder)
    release = session.get_one(Release, newer)
    assert (parcel.family, parcel.variant, parcel.diagram) == (FAMILY, VARIANT, release.diagram)
    assert parcel.called == release.called
    assert parcel.forms == release.forms


def test_nobody_sees_what_the_school_does_not_have(visit, cast, published):
    assert visit(cast.ada).get("/design/variants/online_signing/nothing").status_code == 404
