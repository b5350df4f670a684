"""A graduate's résumé: kept once, sent many times, each time as it is then.

Education is the register's and is not typed. Photo and attachments belong to the graduate alone
until the résumé is sent; then the case gets its own copies, which later changes do not touch.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write, insert_for
from ...models import College, Graduate, Post, Resume, School, Task, Upload
from ..accounts.actors import Actor
from ..files import uploads
from ..schools.labels import code_name

FILES = {"photo": 1, "attachments": 3}
MOST_KEPT = 12  # files of one graduate, also those that no résumé names any more


def resume_of(session: Session, actor: Actor) -> Resume | None:
    """This graduate's résumé, if there is one."""
    return session.get(Resume, actor.graduate_id)


def save(session: Session, actor: Actor, content: dict[str, Any], now: datetime) -> None:
    """Keep the answers of the form `recruiting/resume`, and drop files they no longer name."""
    begin_write(session)
    values = {
        "graduate_id": actor.graduate_id,
        "school_id": actor.school_id,
        "content": content,
        "saved_at": now,
    }
    insert = insert_for(session, Resume.__table__).values(values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["graduate_id"], set_={"content": content, "saved_at": now}
        )
    )
    named = {one for field in FILES for one in content.get(field) or []}
    for file in own_files(session, actor):
        if file.id.hex not in named:
            session.delete(file)
    session.expire_all()


def add_file(
    session: Session, actor: Actor, field: str, filename: str, content: bytes, now: datetime
) -> Upload:
    """Check a file by its content and keep it for this graduate; raises UploadRefused."""
    checked = uploads.check(content)
    if field == "photo" and checked.content_type == uploads.PDF:
        raise uploads.UploadRefused("照片要用 JPG 或 PNG。", "PDF 请放在附件里。")
    begin_write(session)
    if len(own_files(session, actor)) >= MOST_KEPT:
        raise uploads.UploadRefused("文件太多了。", "先保存简历，不用的文件就会清掉。")
    upload = Upload(
        school_id=actor.school_id,
        person_id=actor.person_id,
        field=field,
        filename=uploads.safe_name(filename, checked.suffix),
        content_type=checked.content_type,
        sha256=uploads.keep_bytes(session, checked),
        size=len(checked.content),
        at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def own_files(session: Session, actor: Actor) -> list[Upload]:
    """The files this person keeps for the résumé, oldest first."""
    wanted = select(Upload).where(
        Upload.person_id == actor.person_id,
        Upload.task_id.is_(None),
        Upload.field.in_(FILES),
    )
    return list(session.scalars(wanted.order_by(Upload.id)))


def attach_copies(
    session: Session, actor: Actor, task: Task, content: Mapping[str, Any], now: datetime
) -> dict[str, list[str]]:
    """Give the task its own copies of the files that the résumé names; their ids by field."""
    kept = {file.id.hex: file for file in own_files(session, actor)}
    copies: dict[str, list[str]] = {field: [] for field in FILES}
    for field in FILES:
        for one in content.get(field) or []:
            if (file := kept.get(one)) is None:
                continue
            copy = Upload(
                school_id=task.school_id,
                person_id=actor.person_id,
                task_id=task.id,
                field=field,
                filename=file.filename,
                content_type=file.content_type,
                sha256=file.sha256,
                size=file.size,
                at=now,
            )
            session.add(copy)
            session.flush()
            copies[field].append(copy.id.hex)
    return copies


def person_as_sent(
    session: Session, graduate_id: uuid.UUID | None, post: Post, content: Mapping[str, Any]
) -> dict[str, str]:
    """What the employer learns of the graduate besides the résumé (C10, C11), in words."""
    graduate = session.get_one(Graduate, graduate_id)
    return {
        "name": graduate.name,
        "post": post.title,
        "gender": code_name("gender", graduate.gender),
        "school": session.get_one(School, graduate.school_id).name,
        "college": session.get_one(College, graduate.college_id).name,
        "major": graduate.major,
        "education": code_name("education_level", graduate.education),
        "cohort": f"{graduate.cohort}届",
        "mobile": content.get("mobile") or graduate.mobile,
        "email": content.get("email") or graduate.email,
    }


def resume_in_words(content: Mapping[str, Any]) -> dict[str, str]:
    """The résumé as the employer reads it."""
    experience = "\n\n".join(
        " · ".join(part for part in (row["period"], row["place"], row.get("role")) if part)
        + (f"\n{row['work']}" if row.get("work") else "")
        for row in content.get("experience") or []
    )
    return {
        "introduction": content.get("introduction") or "",
        "skills": content.get("skills") or "",
        "experience": experience,
    }
