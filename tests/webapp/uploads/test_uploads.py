"""Files that people attach: judged by content, stripped, and shown only to who may see the case."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from racing import race
from sqlalchemy import delete, func, select

from webapp.database import begin_write
from webapp.errors import NotYours, TaskAlreadyDone
from webapp.models import Blob, Case, Release, Task, Upload
from webapp.services.accounts.actors import queue
from webapp.services.files import blobs, uploads
from webapp.services.files.uploads import (
    MAX_FILES,
    UploadRefused,
    check,
    read,
    remove,
    safe_name,
    store,
)

EVIDENCE = {
    "title": "材料",
    "components": [
        {"type": "file", "key": "evidence", "label": "照片"},
        {"type": "file", "key": "own_files", "label": "自留", "properties": {"internal": True}},
    ],
}


def picture(kind: str = "JPEG", size=(40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, change=lambda writer: None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def open_with_script(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in action.items()}
    )


@pytest.fixture
def task(session, cast, monday) -> Task:
    """A task of a case between Lin and Hengxin that waits for Lin."""
    school = cast.school
    release = cast.make.add(
        Release(
            school_id=school.id,
            family="online_signing",
            variant="employer_invitation",
            number=1,
            title="网上签约",
            content_hash="0" * 64,
            diagram=b"",
            forms={"test/evidence": EVIDENCE},
            published_at=monday,
        )
    )
    case = cast.make.add(
        Case(
            school_id=school.id,
            release_id=release.id,
            family="online_signing",
            variant="employer_invitation",
            title="网上签约",
            graduate_id=cast.graduate.id,
            employer_id=cast.employer.id,
            opened_at=monday,
            status="waiting_answer",
        )
    )
    task = cast.make.add(
        Task(
            school_id=school.id,
            case_id=case.id,
            token="t1",
            element="Answer_invitation",
            name="应约",
            role="graduate",
            form="test/evidence",
            queue=queue("graduate", cast.graduate.id),
            opened_at=monday,
        )
    )
    session.commit()
    return task


@pytest.fixture
def attach(session, cast, task, monday):
    def attach(content: bytes = b"", filename: str = "合同.jpg", who=None, field="evidence"):
        given = content or picture()
        upload = store(session, who or cast.lin, task.id, field, filename, given, monday)
        session.commit()
        return upload

    return attach


@pytest.fixture
def submit(session, cast, task, monday):
    """The task as it is once its answers were taken."""

    def submit():
        task.state, task.closed_at, task.closed_by = "done", monday, cast.lin.person_id
        session.commit()

    return submit


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(picture(), "image/jpeg"), (picture("PNG"), "image/png"), (pdf(), "application/pdf")],
)
def test_the_content_decides_what_a_file_is(content: bytes, content_type: str):
    assert check(content).content_type == content_type


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"MZ" + b"0" * 100, b"GIF89a" + b"0" * 40, b"plain text"],
)
def test_other_files_are_refused_whatever_they_are_called(attach, content: bytes):
    with pytest.raises(UploadRefused) as refused:
        attach(content, "照片.jpg")

    assert "不是 JPG、PNG 照片，也不是 PDF" in refused.value.story


def test_a_photo_loses_its_position_and_camera_but_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    photo = picture(size=(40, 30), exif=exif, comment=b"secret place")

    kept = Image.open(io.BytesIO(check(photo).content))

    assert dict(kept.getexif()) == {}
    assert b"secret place" not in check(photo).content
    assert kept.size == (30, 40)


def test_nothing_hides_behind_the_end_of_a_photo():
    assert b"<script>" not in check(picture() + b"<script>alert(1)</script>").content
    assert b"<script>" not in check(picture("PNG") + b"<script>alert(1)</script>").content


def test_a_large_photo_is_made_smaller():
    kept = Image.open(io.BytesIO(check(picture(size=(6000, 3000))).content))

    assert kept.size == (4096, 2048)


def test_a_picture_bomb_is_refused_before_it_is_decoded():
    header = picture("PNG", size=(1, 1))
    size = (60_000).to_bytes(4, "big") * 2
    chunk = b"IHDR" + size + header[24:29]
    bomb = header[:12] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + header[33:]

    with pytest.raises(UploadRefused) as refused:
        check(bomb)

    assert "60000 × 60000" in refused.value.story or "打不开" in refused.value.story


def test_a_torn_photo_is_refused():
    with pytest.raises(UploadRefused, match="没有传完整"):
        check(picture(size=(400, 300))[:600])


def test_a_file_that_is_too_large_says_so_in_the_words_of_the_house():
    with pytest.raises(UploadRefused) as refused:
        check(b"\xff\xd8" + b"0" * 10_000_000)

    assert refused.value.story == "照片超过 10 MB，请换一张，或用“拍照”重拍。"


def test_an_empty_file_is_refused():
    with pytest.raises(UploadRefused, match="空的"):
        check(b"")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda writer: writer.encrypt("secret"), "密码"),
        (open_with_script, "脚本或附件"),
        (lambda writer: writer.add_attachment("a.exe", b"MZ"), "脚本或附件"),
    ],
)
def test_pdfs_that_do_more_than_show_pages_are_refused(change, why: str):
    with pytest.raises(UploadRefused, match=why):
        check(pdf(1, change))


def test_a_pdf_is_kept_byte_by_byte():
    content = pdf(2)

    assert check(content).content == content
    assert len(PdfReader(io.BytesIO(content)).pages) == 2


@pytest.mark.parametrize(
    ("content", "why"), [(pdf(51), "51 页"), (b"%PDF-1.7 broken", "没有传完整")]
)
def test_unreadable_or_endless_pdfs_are_refused(content: bytes, why: str):
    with pytest.raises(UploadRefused, match=why):
        check(content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("合同.JPEG", "合同.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\用户\\三方协议.png", "三方协议.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("line\r\nbreak.jpg", "linebreak.jpg"),
        ("", "文件.jpg"),
        ("长" * 300 + ".jpg", "长" * 120 + ".jpg"),
    ],
)
def test_names_are_text_to_show_and_nothing_else(given: str, kept: str):
    assert safe_name(given, ".jpg") == kept


def test_a_file_is_stored_by_its_hash_once(session, attach):
    first, second = attach(), attach()

    assert first.sha256 == second.sha256
    assert session.scalar(select(func.count()).select_from(Blob)) == 1
    assert session.scalar(select(func.count()).select_from(Upload)) == 2


def test_a_field_takes_nine_files_and_no_more(attach):
    for _ in range(MAX_FILES):
        attach()

    with pytest.raises(UploadRefused, match="最多上传 9 个"):
        attach()
    assert attach(field="another")


@pytest.mark.parametrize("who", ["lin", "hengxin", "rao", "wu", "ada"])
def test_those_who_may_see_the_case_see_what_was_submitted(session, cast, attach, submit, who):
    upload = attach()
    submit()

    found, content = read(session, getattr(cast, who), upload.id)

    assert found.filename == "合同.jpg"
    assert check(content).content_type == "image/jpeg"


@pytest.mark.parametrize("who", ["hengxin", "rao", "wu", "ada"])
def test_what_is_still_a_draft_is_seen_by_nobody_else(session, cast, attach, who):
    upload = attach()

    assert read(session, cast.lin, upload.id)[0].filename == "合同.jpg"
    with pytest.raises(NotYours):
        read(session, getattr(cast, who), upload.id)


@pytest.mark.parametrize(("who", "sees"), [("lin", True), ("hengxin", False), ("rao", True)])
def test_a_field_of_the_own_side_shows_the_other_side_nothing(
    session, cast, attach, submit, who, sees
):
    upload = attach(field="own_files")
    submit()

    if sees:
        assert read(session, getattr(cast, who), upload.id)
        return
    with pytest.raises(NotYours):
        read(session, getattr(cast, who), upload.id)


def test_a_stranger_sees_no_file_and_attaches_none(session, cast, attach):
    upload = attach()

    with pytest.raises(NotYours):
        read(session, cast.nils, upload.id)
    with pytest.raises(NotYours):
        attach(who=cast.nils)


def test_only_whose_task_it_is_attaches(cast, attach):
    with pytest.raises(NotYours):
        attach(who=cast.hengxin)


def test_nothing_is_attached_to_a_task_that_is_done(attach, submit):
    submit()

    with pytest.raises(TaskAlreadyDone):
        attach()


def test_whose_task_it_is_takes_a_file_back_before_submitting(session, cast, task, attach):
    upload = attach()
    with pytest.raises(NotYours):
        remove(session, cast.hengxin, upload.id)

    remove(session, cast.lin, upload.id)
    session.commit()

    assert uploads.uploads_of(session, task.id) == []


def test_the_bytes_go_with_the_last_file_that_has_them(session, cast, attach):
    first, second = attach(), attach()
    stored = select(func.count()).select_from(Blob).where(Blob.sha256 == first.sha256)
    assert first.sha256 == second.sha256

    remove(session, cast.lin, first.id)
    session.commit()
    with_one_left = session.scalar(stored)
    remove(session, cast.lin, second.id)
    session.commit()

    assert (with_one_left, session.scalar(stored)) == (1, 0)


def test_bytes_that_come_again_while_they_go_are_there_afterwards(sessions, session, attach):
    upload = attach()
    content = session.get(Blob, upload.sha256).content
    values = {c.key: getattr(upload, c.key) for c in Upload.__table__.columns if c.key != "id"}
    session.commit()

    def go(own):
        begin_write(own)
        own.execute(delete(Upload).where(Upload.id == upload.id))
        blobs.drop_unreferenced(own, upload.sha256)

    def come(own):
        begin_write(own)
        blobs.keep(own, upload.sha256, content)
        own.add(Upload(**values))

    results = race(sessions, [go, come])

    assert results == [None, None]
    session.expire_all()
    assert session.get(Blob, values["sha256"]).content == content


def test_what_was_submitted_stays(session, cast, attach, submit):
    upload = attach()
    submit()

    with pytest.raises(TaskAlreadyDone):
        remove(session, cast.lin, upload.id)


@pytest.fixture
def submitted_in_between(monkeypatch):
    """The answer of a colleague arrives after the task was found open, and before it is locked."""
    monkeypatch.setattr(uploads, "require_open", lambda *args: None)


@pytest.mark.requirement("I4")
@pytest.mark.usefixtures("submitted_in_between")
def test_an_answer_in_between_keeps_its_files_as_they_were(session, cast, attach, submit, task):
    upload = attach()
    submit()

    with pytest.raises(TaskAlreadyDone):
        attach()
    session.rollback()
    with pytest.raises(TaskAlreadyDone):
        remove(session, cast.lin, upload.id)
    session.rollback()

    assert [one.id for one in uploads.uploads_of(session, task.id)] == [upload.id]
