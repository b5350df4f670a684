"""The demo's other destinations: registered, returned, voided; entered, unlocked, rescinded in Yunhang;
voided after a review in Songlan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Agreement, Destination, Employer, Graduate, Membership, Person
from webapp.services.accounts.actors import Actor, actors_of
from webapp.services.cases.cases import start_case
from webapp.services.cases.subjects import Subject
from webapp.services.files.uploads import store

from .registrations import sealed_page
from .stories import ASKED, JOBS, PASS, Telling, actor_of

REGISTRATION, VOID = "other_destination", "destination_void"
RETURNED = {"outcome": "return", "reason": "登记表上没有本人签字，请补签后重新拍照"}
STUDY = {
    "study_school": "江南大学",
    "study_school_code": "10295",
    "study_major": "食品科学与工程",
    "study_mode": "full",
    "study_proof_kind": "notice",
}


@dataclass(frozen=True)
class Filing:
    """One registration: of whom, which type, what was filled in, the papers, and how far it goes."""

    graduate: int
    code: str
    data: dict[str, str]
    papers: tuple[str, ...]
    days: float
    path: str  # college, university, returned, completed, voided, void_asked


@dataclass(frozen=True)
class Told:
    """What a story of the other school is about."""

    graduate: int
    days: float
    data: dict[str, str] = field(default_factory=dict)


FILINGS = (
    Filing(121, "85", {
        "abroad_country": "新加坡", "abroad_school": "Singapore Institute of Studies",
        "abroad_school_chinese": "新加坡研究学院", "abroad_major": "计算机科学",
    }, ("abroad_proof",), 1.4, "college"),
    Filing(107, "46", {
        "enlist_region": "340104", "enlist_batch": "autumn", "conscript_notice_kind": "enlisted",
    }, ("conscript_notice",), 9, "completed"),
    Filing(131, "76", {
        "occupation": "media", "monthly_income": "6500",
        "work_content": "运营一个讲解算法的短视频账号，每周发布两期节目，收入来自平台分成。",
    }, ("freelance_form",), 2.6, "returned"),
    Filing(109, "801", STUDY, ("study_proof",), 12, "completed"),
    Filing(110, "70", {"waiting_kind": "703", "job_wish": "家乡的中小学教师岗位"}, (), 5, "completed"),
    Filing(81, "DX", {"targeted_unit": "望江镇人民政府", "targeted_region": "340881"}, (), 0.7,
           "college"),
    Filing(123, "802", STUDY, ("study_proof",), 2.2, "university"),
    Filing(113, "801", STUDY, ("study_proof",), 11, "voided"),
)  # fmt: skip
# At the school that reviews a void: one destination in force, and one whose void waits for the college.
REVIEWED = (
    Filing(19, "801", STUDY, ("study_proof",), 8, "completed"),
    Filing(17, "802", STUDY, ("study_proof",), 6, "void_asked"),
)
ENTERED = Told(19, 1.2, {key: text for key, text in STUDY.items() if key != "study_proof_kind"})
UNLOCKED, RESCINDED = Told(21, 3.2, ENTERED.data), Told(23, 10)


def register(
    session: Session, graduates: list[Graduate], filings: Sequence[Filing], now: datetime
) -> None:
    """Play filings of one school's graduates."""
    for filing in filings:
        began = now - timedelta(days=filing.days)
        _Filing(session, graduates[filing.graduate - 1], began, now).file(filing)


def tell_other_school(
    session: Session, graduates: list[Graduate], employer: Employer, now: datetime
) -> None:
    """Entered by the school, unlocked by two, rescinded before a counsellor: each waits somewhere."""
    for told, play in (
        (ENTERED, _Filing.enter),
        (UNLOCKED, _Filing.ask_to_unlock),
        (RESCINDED, _Filing.ask_to_rescind),
    ):
        began = now - timedelta(days=told.days)
        filing = _Filing(session, graduates[told.graduate - 1], began, now)
        filing.employer = employer
        play(filing, told)


class _Filing(Telling):
    """A graduate's destination, from its beginning to where its story stops."""

    employer: Employer

    def __init__(
        self, session: Session, graduate: Graduate, start: datetime, now: datetime
    ) -> None:
        self.session, self.graduate = session, graduate
        self.moment, self.now = start, now

    def file(self, filing: Filing) -> None:
        own = actor_of(self.session, self.graduate)
        self.begin(own, REGISTRATION, "registration")
        self.answer(own, {"code": filing.code, "outcome": "fill"})
        self.answer(own, {**filing.data, **self.attached(own, *filing.papers), "outcome": "submit"})
        if filing.path == "college":
            return
        if filing.path == "returned":
            self.answer(self.member("reviewer"), RETURNED)
            return
        self.answer(self.member("reviewer"), PASS)
        if filing.path == "university":
            return
        if self.waiting():  # not where the college alone reviews
            self.answer(self.member("office"), PASS)
        if filing.path == "voided":
            self.begin(own, VOID, "self_service", self.destination())
            self.answer(own, {"outcome": "void", "reason": "放弃入学，准备就业"})
        elif filing.path == "void_asked":
            self.begin(own, VOID, "reviewed", self.destination())
            self.answer(own, {"outcome": "submit", "reason": "放弃入学，准备与单位签约"})

    def enter(self, told: Told) -> None:
        """The school enters; the graduate has not uploaded yet."""
        office = self.of_office("tao")
        self.begin(office, REGISTRATION, "school_entered")
        self.answer(office, {"code": "801", "outcome": "fill"})
        self.answer(office, {**told.data, "outcome": "submit"})

    def ask_to_unlock(self, told: Told) -> None:
        """Entered, uploaded and passed; then one of the office asks to unlock."""
        self.enter(told)
        own = actor_of(self.session, self.graduate)
        papers = {"study_proof_kind": "notice", **self.attached(own, "study_proof")}
        self.answer(own, {**papers, "outcome": "submit"})
        self.answer(self.member("reviewer"), PASS)
        office = self.of_office("tao")
        self.begin(office, VOID, "admin_unlock", self.destination())
        self.answer(office, {"outcome": "unlock", "reason": "毕业生放弃入学，已交书面说明"})

    def ask_to_rescind(self, told: Told) -> None:
        """Signed and in force; then the graduate applies to the counsellor."""
        self.enter_directly("completed", JOBS[0])
        own = actor_of(self.session, self.graduate)
        agreement = self.session.scalars(
            select(Agreement).where(Agreement.case_id == self.case_id)
        ).one()
        self._later(hours=5 * 24)
        self.begin(own, "rescission", "counsellor_decision", agreement)
        self.answer(own, {**ASKED["graduate"], **self.attached(own, "material")})

    def begin(self, actor: Actor, family: str, variant: str, about: Subject | None = None) -> None:
        case = start_case(
            self.session, actor, family, variant=variant,
            graduate=self.graduate, employer=None, now=self.moment, about=about,
        )  # fmt: skip
        self.case_id = case.id

    def attached(self, actor: Actor, *fields: str) -> dict[str, Any]:
        """A page for each of these file fields of the waiting step."""
        task = self.waiting()[0]
        return {
            name: store(
                self.session, actor, task.id, name, "证明材料.png", sealed_page(), self.moment
            ).id.hex
            for name in fields
        }

    def destination(self) -> Destination:
        in_force = select(Destination).where(
            Destination.graduate_id == self.graduate.id, Destination.closed_at.is_(None)
        )
        return self.session.scalars(in_force).one()

    def of_office(self, login: str) -> Actor:
        """A member of the office by name: a school may have several."""
        member = self.session.scalars(
            select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.login == login)
        ).one()
        return next(a for a in actors_of(self.session, member.person_id) if a.role == "office")
