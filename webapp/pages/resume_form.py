"""The forms of a graduate's résumé and of sending it: what they show and what comes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.compiler import CompiledForm, form_class
from forms.definitions import Definition, get
from forms.drafts import Draft, NotInThisForm, add_uploads, change_rows, drop_upload
from webapp.errors import NotYours
from webapp.models import Case, College, Graduate, Post, School, Upload
from webapp.pages.task_form import columns
from webapp.services.accounts.actors import Actor
from webapp.services.files.uploads import UploadRefused, bare_name
from webapp.services.recruiting import resumes

RESUME, SENDING = "recruiting/resume", "signing/send_resume"
SENDING_STEP = "Send_resume"


@dataclass(frozen=True)
class ResumeForm:
    """The résumé's form for one graduate, with the files that are kept for it."""

    definition: Definition
    context: dict[str, Any]

    def fill(self, posted: Any = None, values: Mapping[str, Any] | None = None) -> CompiledForm:
        return form_class(self.definition)(posted, values=values, context=self.context)


def resume_form(session: Session, actor: Actor, now: datetime) -> ResumeForm:
    graduate = session.get_one(Graduate, actor.graduate_id)
    college = session.get_one(College, graduate.college_id)
    school = session.get_one(School, graduate.school_id)
    register = {
        **columns(graduate),
        "cohort": str(graduate.cohort),
        "college": college.name,
        "school": school.name,
    }
    context = {
        "now": now,
        "options": {},
        "register": {"graduate": register},
        "case": {},
        "uploads": shown_files(resumes.own_files(session, actor)),
    }
    return ResumeForm(get(RESUME), context)


def shown_files(files: Sequence[Upload]) -> dict[str, dict[str, str]]:
    return {
        file.id.hex: {
            "name": file.filename,
            "url": f"/uploads/{file.id}",
            "thumb": f"/uploads/{file.id}" if file.content_type.startswith("image/") else "",
        }
        for file in files
    }


def changed(form: ResumeForm, posted: Mapping[str, Any]) -> Draft:
    """What was typed, with a row more or less or without a file, as a button asks."""
    draft = form.fill(posted).draft
    try:
        if "_row" in posted:
            return change_rows(form.definition, draft, posted["_row"])
        if "_drop" in posted:
            return drop_upload(form.definition, draft, posted["_drop"])
    except NotInThisForm as error:
        raise NotYours from error
    return draft


def attach(
    session: Session,
    actor: Actor,
    form: ResumeForm,
    draft: Draft,
    files: Sequence[tuple[str, str, bytes]],
    now: datetime,
) -> tuple[Draft, list[str]]:
    """Keep the files and name them in the draft; a sentence for each that was refused."""
    refused: list[str] = []
    for field, filename, content in files:
        if field not in resumes.FILES:
            raise NotYours
        try:
            kept = resumes.add_file(session, actor, field, filename, content, now)
            draft = add_uploads(form.definition, draft, field, [kept.id.hex])
        except UploadRefused as error:
            refused.append(f"“{bare_name(filename)}”没有上传：{error.story}{error.way_out}")
    form.context["uploads"] = shown_files(resumes.own_files(session, actor))
    return draft, refused


@dataclass(frozen=True)
class Sending:
    """What the employer will receive, and what is still asked before it is sent."""

    person: dict[str, str]
    resume: dict[str, str]
    files: list[Upload]
    form: CompiledForm


PERSON = (
    *(("name", "姓名"), ("gender", "性别"), ("school", "学校"), ("college", "院系")),
    *(("major", "专业"), ("education", "学历"), ("cohort", "毕业届别")),
    *(("mobile", "联系电话"), ("email", "电子邮箱")),
)
WORDS = (("introduction", "自我介绍"), ("skills", "技能和证书"), ("experience", "经历"))


@dataclass(frozen=True)
class SentResume:
    """A résumé as it was sent; later changes of the kept one do not touch it."""

    person: dict[str, str]
    resume: dict[str, str]
    message: str


def resume_as_sent(actor: Actor, case: Case) -> SentResume | None:
    """What this graduate sent in a case of application, as it was then; None where nothing was."""
    sent = case.variables.get(SENDING_STEP) or {}
    if actor.role != "graduate" or "resume" not in sent:
        return None
    return SentResume(
        said(PERSON, sent.get("person") or {}),
        said(WORDS, sent["resume"]),
        sent.get("message") or "",
    )


def said(labels: tuple[tuple[str, str], ...], values: dict[str, str]) -> dict[str, str]:
    """What is there of these, under its label."""
    return {label: values[key] for key, label in labels if values.get(key)}


def sending(
    session: Session, actor: Actor, post: Post, now: datetime, posted: Any = None
) -> Sending:
    """The page before sending, its form filled with what was posted."""
    kept = resumes.resume_of(session, actor)
    content = kept.content if kept else {}
    named = [one for field in resumes.FILES for one in content.get(field) or []]
    files = [file for file in resumes.own_files(session, actor) if file.id.hex in named]
    person = resumes.person_as_sent(session, actor.graduate_id, post, content)
    words = resumes.resume_in_words(content)
    context = {"now": now, "options": {}, "register": {}, "case": {}, "uploads": {}}
    return Sending(
        said(PERSON, person),
        said(WORDS, words),
        files,
        form_class(get(SENDING))(posted, context=context),
    )
