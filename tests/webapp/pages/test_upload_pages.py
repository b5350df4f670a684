"""Files from camera and album on a page without script: taken in, shown, taken back, refused, seen.

The packaged processes ask for no files yet, so this school publishes a small diagram of its own. Its
last step has no form at all, which a diagram may have.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from webapp.models import Case, Task, Upload
from webapp.services.cases import cases, tasks
from webapp.services.design import releases

DIAGRAM = Path(__file__).parent / "diagrams" / "evidence.bpmn"
FORMS = {
    "test/evidence": {
        "title": "上传材料",
        "components": [
            {
                "type": "text",
                "key": "title",
                "label": "材料名称",
                "validate": {"required": True},
            },
            {"type": "file", "key": "photos", "label": "照片", "validate": {"required": True}},
        ],
    },
    "test/decide": {
        "title": "看材料",
        "components": [
            {
                "type": "radio",
                "key": "outcome",
                "label": "结论",
                "decides": True,
                "validate": {"required": True},
                "values": [
                    {"value": "pass", "label": "收下"},
                    {"value": "return", "label": "退回"},
                ],
            }
        ],
    },
}


def picture(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def case(session, cast, clock) -> Case:
    """Lin's case, which waits for her files."""
    releases.publish(
        session,
        cast.school.id,
        "evidence",
        "plain",
        DIAGRAM.read_bytes(),
        {},
        FORMS,
        now=clock.now,
    )
    started = cases.start_case(
        session, cast.lin, "evidence", graduate=cast.graduate, employer=None, now=clock.now
    )
    session.commit()
    return started


@pytest.fixture
def hand_in(case, session, cast, visit):
    """Posts the form of the waiting task as a browser without script would."""
    client = visit(cast.lin)
    (task,) = tasks.open_tasks(session, case.id)

    def post(camera=(), album=(), **fields):
        data = {
            **fields,
            "photos__camera": [(io.BytesIO(content), name) for name, content in camera],
            "photos__album": [(io.BytesIO(content), name) for name, content in album],
        }
        answer = client.post(
            f"/tasks/{task.id}/answer", data=data, content_type="multipart/form-data"
        )
        return client.get(answer.location) if answer.status_code == 303 else answer

    post.task = task
    return post


def kept_ids(page) -> list[str]:
    """The files that the form on this page would send along."""
    return re.findall(r'name="photos" value="([0-9a-f]{32})"', page.text)


def test_the_form_offers_camera_and_album_without_script(hand_in):
    page = hand_in(do="save", title="").text

    assert 'enctype="multipart/form-data"' in page
    assert 'name="photos__camera" accept="image/*" capture="environment"' in page
    assert 'name="photos__album" accept="image/*,application/pdf" multiple' in page


def test_files_of_camera_and_album_are_shown_small(hand_in, visit, cast):
    page = hand_in(
        camera=[("拍的.jpg", picture())],
        album=[("一.jpg", picture("red")), ("二.jpg", picture("blue"))],
        do="save",
        title="合同",
    )
    addresses = re.findall(r'<img src="(/uploads/[^"]+)"', page.text)
    images = [visit(cast.lin).get(address) for address in addresses]

    assert [name in page.text for name in ("拍的.jpg", "一.jpg", "二.jpg")] == [True] * 3
    assert len(kept_ids(page)) == 3
    assert [image.content_type for image in images] == ["image/jpeg"] * 3


def test_one_file_is_taken_back_and_the_rest_stays(hand_in, session):
    first = kept_ids(hand_in(album=[("一.jpg", picture()), ("二.jpg", picture("red"))], do="save"))

    page = hand_in(photos=first, title="合同", _drop=f"photos:{first[0]}")

    assert kept_ids(page) == first[1:]
    assert 'value="合同"' in page.text
    session.rollback()
    assert [one.filename for one in session.scalars(select(Upload))] == ["二.jpg"]


def test_what_fails_validation_keeps_its_files(hand_in):
    page = hand_in(camera=[("拍的.jpg", picture())], title="", do="check")

    assert page.status_code == 422
    assert "有 1 处需要修改" in page.text
    assert len(kept_ids(page)) == 1
    assert kept_ids(hand_in(do="save", photos=kept_ids(page))) == kept_ids(page)


def test_a_bad_file_is_refused_and_takes_nothing_with_it(hand_in):
    page = hand_in(
        album=[("好.jpg", picture()), ("坏.jpg", b"<html>")], title="写了一半", do="check"
    )

    assert page.status_code == 422
    assert "“坏.jpg”没有上传：这个文件不是 JPG、PNG 照片，也不是 PDF。" in page.text
    assert 'value="写了一半"' in page.text
    assert len(kept_ids(page)) == 1


def test_a_file_of_somebody_else_cannot_be_smuggled_in(hand_in):
    page = hand_in(photos=["0" * 32], title="合同", do="confirm")

    assert page.status_code == 422
    assert "有文件不在这份草稿里" in page.text


@pytest.fixture
def handed_in(hand_in, session) -> str:
    """Lin has handed in one photo; the address of it."""
    ids = kept_ids(hand_in(camera=[("合同.jpg", picture())], do="save", title="合同"))
    hand_in(photos=ids, title="合同", do="confirm")
    session.rollback()
    (upload,) = session.scalars(select(Upload))
    return f"/uploads/{upload.id}"


def test_the_reviewer_sees_the_files_beside_the_decision(
    visit, cast, session, case, hand_in, handed_in
):
    (task,) = tasks.open_tasks(session, case.id)

    page = visit(cast.rao).get(f"/review/{task.id}").text
    own = visit(cast.lin).get(f"/cases/{case.id}").text

    assert f'<img src="{handed_in}" alt="照片：合同.jpg"' in page
    assert f'<a href="{handed_in}">合同.jpg</a>' in page
    assert f'<a href="{handed_in}">合同.jpg</a>' in own


@pytest.mark.requirement("I9")
def test_only_those_who_may_see_the_case_open_its_files(visit, cast, handed_in):
    seen = {
        who: visit(getattr(cast, who)).get(handed_in).status_code
        for who in ("lin", "rao", "wu", "ada", "hengxin", "nils")
    }

    assert seen == {"lin": 200, "rao": 200, "wu": 200, "ada": 200, "hengxin": 404, "nils": 404}
    assert visit(None).get(handed_in).status_code == 303


def test_a_draft_s_files_are_nobody_else_s_business(visit, cast, hand_in, session):
    hand_in(camera=[("合同.jpg", picture())], do="save")
    session.rollback()
    address = f"/uploads/{session.scalars(select(Upload.id)).one()}"

    assert visit(cast.lin).get(address).status_code == 200
    assert visit(cast.rao).get(address).status_code == 404


def test_what_was_returned_is_handed_in_again_with_its_files(
    visit, cast, session, case, hand_in, handed_in
):
    (review,) = tasks.open_tasks(session, case.id)
    visit(cast.rao).post(f"/review/{review.id}", data={"outcome": "return"})
    session.rollback()
    (again,) = tasks.open_tasks(session, case.id)
    client = visit(cast.lin)

    form = client.get(f"/tasks/{again.id}/answer")
    answer = client.post(
        f"/tasks/{again.id}/answer",
        data={"photos": kept_ids(form), "title": "合同", "do": "confirm"},
    )
    session.rollback()
    (review,) = tasks.open_tasks(session, case.id)

    assert len(kept_ids(form)) == 1
    assert answer.location == f"/cases/{case.id}"
    assert handed_in in visit(cast.rao).get(f"/review/{review.id}").text


def test_a_step_without_a_form_is_answered_with_one_button(
    visit, cast, session, case, hand_in, handed_in
):
    (review,) = tasks.open_tasks(session, case.id)
    client = visit(cast.rao)
    client.post(f"/review/{review.id}", data={"outcome": "pass"})
    session.rollback()
    (last,) = tasks.open_tasks(session, case.id)

    shown = client.get(f"/tasks/{last.id}")
    from_queue = client.get(f"/review/{last.id}", follow_redirects=True)
    answer = client.post(f"/tasks/{last.id}/answer", data={"do": "confirm"})

    assert (last.name, last.form) == ("归档", "")
    assert ">完成</button>" in shown.text
    assert ">完成</button>" in from_queue.text
    assert answer.status_code == 303
    session.rollback()
    assert session.get_one(Case, case.id).status == "completed"
    assert session.get_one(Task, last.id).closed_by == cast.rao.person_id
