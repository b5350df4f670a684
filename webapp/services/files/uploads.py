"""Files that people attach to a task: checked by content, stripped, stored by hash, shown to few.

What a file is, its bytes decide, never its name. Photos are decoded and written anew: that drops
position and camera data, turns them upright, and leaves nothing but a picture, so a stored file
cannot be a page or a program in disguise. The name is kept as text only; no path is made of it.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotYours
from ...models import Blob, School, Task, Upload
from ..accounts.actors import Actor, Anyone, Guest
from ..cases import late
from ..cases.tasks import find_task, require_open
from . import blobs
from .file_access import FileReader, fields_of, is_marked
from .marking import marked

MAX_BYTES = 10_000_000
MAX_FILES = 9
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 4_096  # an A4 page at 350 dots an inch: small print stays readable
MAX_PAGES = 50
PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
PDF = "application/pdf"


class UploadRefused(CaseError):
    """The file cannot be taken; the story says why, the way out which file to choose instead."""

    status = 422
    title = "换一个文件"
    way_out = "可以上传 JPG、PNG 照片或 PDF 文件。"


@dataclass(frozen=True)
class Checked:
    """A file after its check: the bytes to keep, and what they are."""

    content: bytes
    content_type: str
    suffix: str


def store(
    session: Session,
    actor: Anyone,
    task_id: uuid.UUID,
    field: str,
    filename: str,
    source: bytes | BinaryIO,
    now: datetime,
) -> Upload:
    """Attach a file to a field of a task that waits for this person. The caller commits.

    Raises UploadRefused with the words to show, NotYours, or why the task is no longer open.
    """
    task = find_task(session, actor, task_id)
    require_open(session, task)
    checked = check(source if isinstance(source, bytes) else source.read(MAX_BYTES + 1))
    lock_open(session, task_id)
    return keep(session, actor, task, field, filename, checked, now)


def keep(
    session: Session,
    actor: Actor | Guest,
    task: Task,
    field: str,
    filename: str,
    checked: Checked,
    now: datetime,
) -> Upload:
    """Store a checked file for a field of a task. The caller has made sure that it may come in."""
    task_id = task.id
    if count(session, task_id, field) >= MAX_FILES:
        raise UploadRefused(f"最多上传 {MAX_FILES} 个文件。", "先删去不需要的，再上传。")
    asked = fields_of(session, task).get(field)
    upload = Upload(
        private=bool(asked and asked.properties.get("private")),
        school_id=task.school_id,
        person_id=actor.person_id,
        task_id=task_id,
        field=field[:120],
        filename=safe_name(filename, checked.suffix),
        content_type=checked.content_type,
        sha256=keep_bytes(session, checked),
        size=len(checked.content),
        at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def keep_bytes(session: Session, checked: Checked) -> str:
    """Store the bytes once, by their hash, which is given back."""
    sha256 = hashlib.sha256(checked.content).hexdigest()
    blobs.keep(session, sha256, checked.content)
    return sha256


def read(session: Session, actor: Anyone, upload_id: uuid.UUID) -> tuple[Upload, bytes]:
    """A file and its bytes: for those who answer its task, and once submitted for the case's parties.

    What is still a draft, and what the school keeps to itself, is NotYours for the others; a file
    that belongs to no task, such as a résumé's photo, for everybody but its owner. What names a
    person or an employer's seal is marked with the reader's name, except for its own side.
    """
    upload = session.get(Upload, upload_id)
    task = session.get(Task, upload.task_id) if upload and upload.task_id else None
    if upload is None or (task is None and not is_own(actor, upload)):
        raise NotYours
    content = select(Blob.content).where(Blob.sha256 == upload.sha256)
    if task is None or task.queue in actor.queues:
        return upload, session.scalars(content).one()
    field = fields_of(session, task).get(upload.field)
    may = FileReader(session, actor, task.case_id).may_open(upload, task, field)
    if isinstance(actor, Guest) or not may:
        raise NotYours
    found = session.scalars(content).one()
    if upload.private or is_marked(field, "credential"):
        found = marked(found, upload.content_type, mark_for(session, actor, task))
    return upload, found


def mark_for(session: Session, actor: Actor, task: Task) -> str:
    """What stands across a paper that is shown: what for, and to whom."""
    school = session.get(School, actor.school_id) if actor.school_id else None
    return f"仅供单位认证核验 · {school.name if school else ''} · {actor.name}"


def is_own(actor: Anyone, upload: Upload) -> bool:
    """Whether this person gave the file, with an account of their own."""
    return not isinstance(actor, Guest) and upload.person_id == actor.person_id


def remove(session: Session, actor: Anyone, upload_id: uuid.UUID) -> None:
    """Take a file back while its task is still open, as somebody who may answer it.

    What was submitted stays (I4). The bytes go with the last file that has them.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.task_id is None:
        raise NotYours
    require_open(session, find_task(session, actor, upload.task_id))
    lock_open(session, upload.task_id)
    session.execute(delete(Upload).where(Upload.id == upload_id))
    blobs.drop_unreferenced(session, upload.sha256)


def lock_open(session: Session, task_id: uuid.UUID) -> None:
    """Hold the task until the commit; raises why it is no longer open, if it closed meanwhile.

    So no file comes to a submitted answer, and none that it names goes.
    """
    begin_write(session)
    state = select(Task.state).where(Task.id == task_id).with_for_update()
    if session.scalar(state) != "open":
        raise late.why_not_open(session, task_id)


def take_back(session: Session, actor: Anyone, task_id: uuid.UUID, upload: str) -> None:
    """Take back a file of this task by its id as text; one that is gone already is no fault."""
    for known in uploads_of(session, task_id):
        if known.id.hex == upload:
            remove(session, actor, known.id)


def uploads_of(session: Session, task_id: uuid.UUID, field: str = "") -> list[Upload]:
    """The files of a task, or of one of its fields, oldest first. The caller has found the task."""
    wanted = select(Upload).where(Upload.task_id == task_id).order_by(Upload.id)
    return list(session.scalars(wanted.where(Upload.field == field) if field else wanted))


def uploads_of_step(session: Session, task: Task, field: str = "") -> list[Upload]:
    """The files of a task and of earlier answers to the same step, which a returned form still names."""
    earlier = select(Task.id).where(
        Task.case_id == task.case_id, Task.element == task.element, Task.state == "done"
    )
    wanted = select(Upload).where(or_(Upload.task_id == task.id, Upload.task_id.in_(earlier)))
    wanted = wanted.where(Upload.field == field) if field else wanted
    return list(session.scalars(wanted.order_by(Upload.id)))


def count(session: Session, task_id: uuid.UUID, field: str) -> int:
    wanted = select(func.count()).where(Upload.task_id == task_id, Upload.field == field)
    return session.scalar(wanted) or 0


def check(content: bytes) -> Checked:
    """What these bytes are, ready to be kept; raises UploadRefused."""
    if not content:
        raise UploadRefused("文件是空的。", "重新选择文件，或重拍一张。")
    if len(content) > MAX_BYTES:
        raise UploadRefused("照片超过 10 MB，请换一张，或用“拍照”重拍。", "PDF 可以压缩后再上传。")
    if content.startswith(b"%PDF-"):
        return _check_pdf(content)
    return _check_picture(content)


def safe_name(filename: str, suffix: str) -> str:
    """The name as text to show: no path, no control or direction marks, the right ending."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", bare_name(filename)).strip(" .") or "文件"
    return stem[:120] + suffix


def bare_name(filename: str) -> str:
    """The name as it was given, without path, control or direction marks."""
    name = PurePosixPath(unicodedata.normalize("NFC", filename).replace("\\", "/")).name
    return "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")


def _check_picture(content: bytes) -> Checked:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=list(PICTURES))
            if opened.width * opened.height > MAX_PIXELS:
                raise UploadRefused(
                    f"照片有 {opened.width} × {opened.height} 点，太大了。",
                    "用手机“拍照”重拍，或缩小后再上传。",
                )
            kind = str(opened.format)
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written_anew(picture, kind)
    except UploadRefused:
        raise
    except UnidentifiedImageError as error:
        raise UploadRefused("这个文件不是 JPG、PNG 照片，也不是 PDF。") from error
    except Exception as error:  # damaged pictures raise whatever their decoder stumbles over
        raise UploadRefused("照片打不开，可能没有传完整。", "重新选择，或重拍一张。") from error


def _written_anew(picture: Image.Image, kind: str) -> Checked:
    """The picture alone: no EXIF, no comments, no bytes behind its end."""
    clear = "transparency" in picture.info or picture.mode in ("RGBA", "LA")
    picture = picture.convert("RGBA" if clear and kind == "PNG" else "RGB")
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if kind == "JPEG":
        bare.save(out, "JPEG", quality=92, subsampling=0)
    else:
        bare.save(out, "PNG")
    return Checked(out.getvalue(), *PICTURES[kind])


def _check_pdf(content: bytes) -> Checked:
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UploadRefused("PDF 加了密码。", "去掉密码再上传，或拍照上传。")
        pages = len(reader.pages)
        acts = _acts(reader)
    except UploadRefused:
        raise
    except Exception as error:  # damaged PDFs raise whatever the reader stumbles over
        raise UploadRefused("PDF 打不开，可能没有传完整。", "重新导出，或拍照上传。") from error
    if not 1 <= pages <= MAX_PAGES:
        raise UploadRefused(f"PDF 有 {pages} 页，最多 {MAX_PAGES} 页。", "只留需要的页。")
    if acts:
        raise UploadRefused("PDF 里带有脚本或附件。", "另存为普通 PDF，或拍照上传。")
    return Checked(content, PDF, ".pdf")


def _acts(reader: pypdf.PdfReader) -> bool:
    """Whether opening the PDF does more than show a page: scripts, programs, enclosed files."""
    root = reader.root_object
    names = root.get("/Names")
    tree = names.get_object() if names is not None else {}
    if "/JavaScript" in tree or "/EmbeddedFiles" in tree or "/AA" in root:
        return True
    action = root.get("/OpenAction")
    action = action.get_object() if action is not None else None
    return isinstance(action, dict) and action.get("/S") not in ("/GoTo", None)
