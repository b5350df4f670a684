"""The demo's certifications of employers and a correction that waits, played by the real services."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, Employer, Graduate, Membership, Person, School, Task
from webapp.pages.task_form import task_form
from webapp.services.accounts.actors import Actor, actors_of
from webapp.services.accounts.identity import add_person
from webapp.services.cases.cases import start_case, submit_task
from webapp.services.cases.mobile_proofs import keep_proof
from webapp.services.employers.certifying import begin
from webapp.services.files.uploads import store
from webapp.services.imports import import_graduates
from webapp.services.imports.values import id_check_digit

from .stories import actor_of

FAMILY, VARIANT = "employer_certification", "authorisation_letter"
ID_NO = "00000019900101101"  # of nobody: no region is called 000000
PROVISIONAL = ("湖心茶舍", "19900001999", "茶老师")


@dataclass(frozen=True)
class Certified:
    """An employer by its place in the list, days ago, and how far it has come."""

    employer: int
    days: float
    accepted: bool


CERTIFICATIONS = (Certified(13, 16, True), Certified(14, 12, True), Certified(4, 0.6, False))
CORRECTING = 96  # a graduate of 青禾大学 whose major is wrong


def certify(session: Session, school: School, now: datetime) -> int:
    """Play the certifications at a school; gives how many there are."""
    employers = list(session.scalars(select(Employer).order_by(Employer.uscc)))
    for one in CERTIFICATIONS:
        employer = employers[one.employer - 1]
        _certify(session, school, employer, now - timedelta(days=one.days), one.accepted)
    return len(CERTIFICATIONS)


def _certify(
    session: Session, school: School, employer: Employer, at: datetime, accepted: bool
) -> None:
    member = actor_of(session, employer)
    case_id = begin(session, member, school.code, FAMILY, VARIANT, employer.id, at)
    manager = {
        "manager_name": employer.contact_name,
        "manager_id_no": ID_NO + id_check_digit(ID_NO),
        "manager_mobile": employer.contact_mobile,
        "legal_person": "演示法人",
        "outcome": "next",
    }
    keep_proof(session, member, session.get_one(Case, case_id), employer.contact_mobile, at)
    answer(session, member, case_id, manager, at)
    papers = {
        "licence": ("营业执照.png", f"营业执照\n{employer.name}"),
        "letter": ("盖章的公函.png", f"帐号认证申请公函\n{employer.name}"),
        "manager_id_front": ("人像面.png", f"身份证\n{employer.contact_name}"),
        "manager_id_back": ("国徽面.png", "身份证\n国徽面"),
    }
    brought = attach(session, member, case_id, papers, at)
    answer(session, member, case_id, {**brought, "outcome": "submit"}, at)
    if accepted:
        checked = dict.fromkeys(
            ("has_signature", "has_red_seal", "name_matches", "code_matches"), "y"
        )
        decided = {"outcome": "pass", "seal": "official", "looked_up": "found", **checked}
        decided["looked_up_at"] = "国家企业信用信息公示系统"
        answer(session, office_of(session, school), case_id, decided, at + timedelta(hours=20))


def plan(session: Session, school: School, rows: list[dict[str, str]], now: datetime) -> None:
    """A later sheet says who graduates in which plan: most in summer, a few in autumn (B09)."""
    lines = ["学号,姓名,方案"]
    for place, row in enumerate(rows, start=1):
        lines.append(f"{row['学号']},{row['姓名']},{'秋季' if place % 6 == 0 else '夏季'}")
    report = import_graduates(session, school, "\n".join(lines).encode(), "方案.csv", now)
    if not report.accepted:
        raise ValueError("\n".join(remark.text for remark in report.errors[:5]))


def provide(session: Session, now: datetime) -> None:
    """An employer that came by a signing: it has proved its telephone and nothing else (A06)."""
    name, mobile, contact = PROVISIONAL
    employer = Employer(
        name=name, uscc="", contact_name=contact, contact_mobile=mobile, verification="phone"
    )
    session.add(employer)
    session.flush()
    person, _ = add_person(session, mobile, contact, "employer", now, employer_id=employer.id)
    known = session.scalars(select(Person).where(Person.must_change_password.is_(False))).first()
    if known is not None:  # everybody of the demo has the one public password
        person.password_hash, person.must_change_password = known.password_hash, False
        person.password_changed_at = known.password_changed_at
    person.mobile = mobile


def correct(session: Session, graduate: Graduate, now: datetime) -> None:
    """A graduate asks for another major; the college has not looked yet."""
    at = now - timedelta(hours=7)
    lin = actor_of(session, graduate)
    case = start_case(session, lin, "base_data", graduate=graduate, employer=None, now=at)
    papers = {"evidence": ("转专业通知.png", "转专业通知\n教务处")}
    brought = attach(session, lin, case.id, papers, at)
    asked = {
        "fields": "major",
        "new_major": "数据科学",
        "explanation": "大二转专业，登记册没有更新。",
    }
    answer(session, lin, case.id, {**asked, **brought, "outcome": "submit"}, at)


def answer(
    session: Session, actor: Actor, case_id: uuid.UUID, typed: dict[str, str], at: datetime
) -> None:
    """Fill the waiting form as a person would, and submit what it makes of it."""
    from werkzeug.datastructures import MultiDict

    task = waiting(session, case_id)
    form = task_form(session, task, at)
    shown = form.fill().typed_values()
    filled = form.fill(MultiDict(shown | {name: [text] for name, text in typed.items()}))
    if not filled.validate():
        raise ValueError(f"the demo cannot fill {task.form}: {filled.errors}")
    submit_task(session, actor, task.id, filled.answers, filled.recorded, at)


def attach(
    session: Session,
    actor: Actor,
    case_id: uuid.UUID,
    papers: dict[str, tuple[str, str]],
    at: datetime,
) -> dict[str, str]:
    task = waiting(session, case_id)
    return {
        field: store(session, actor, task.id, field, filename, picture(words), at).id.hex
        for field, (filename, words) in papers.items()
    }


def waiting(session: Session, case_id: uuid.UUID) -> Task:
    wanted = select(Task).where(Task.case_id == case_id, Task.state == "open")
    return session.scalars(wanted).one()


def office_of(session: Session, school: School) -> Actor:
    wanted = select(Membership).where(
        Membership.role == "office", Membership.school_id == school.id
    )
    member = session.scalars(wanted.order_by(Membership.id)).first()
    if member is None:
        raise LookupError(f"{school.name} has no office")
    return next(a for a in actors_of(session, member.person_id) if a.role == "office")


def picture(words: str) -> bytes:
    """A paper as somebody might photograph it, with its words and a seal."""
    from PIL import ImageFont

    from pdf.glyphs import load_face

    face = load_face("kai")
    font = ImageFont.truetype(str(face.path), 44) if face else ImageFont.load_default(44)
    page = Image.new("RGB", (900, 620), "#f7f5ef")
    pen = ImageDraw.Draw(page)
    pen.rectangle((24, 24, 876, 596), outline="#888888", width=3)
    pen.multiline_text((80, 90), words, font=font, fill="#222222", spacing=24)
    pen.ellipse((600, 340, 820, 560), outline="#c0392b", width=8)
    pen.text((668, 426), "演示", font=font, fill="#c0392b")
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
