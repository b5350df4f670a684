"""The running cases of the demo: every one begun and moved on by the real services and forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.models import Agreement, College, Employer, Graduate, Membership, School, Task
from webapp.pages.task_form import task_form
from webapp.services.accounts.actors import Actor, actors_of
from webapp.services.accounts.identity import confirm_base_data
from webapp.services.cases.cases import start_case, submit_task, withdraw_case

FAMILY = "online_signing"
PASS = {"outcome": "pass"}
ACCEPT = {"outcome": "accept", "ack": "y"}
ASKED = {
    "employer": {
        "outcome": "send",
        "rescission_reason": "E1",
        "explanation": "业务调整，这个岗位今年取消，已与毕业生商量一致。",
    },
    "graduate": {
        "outcome": "send",
        "rescission_reason": "S1",
        "explanation": "已被外校录取继续读研，已与单位商量一致，同意解除协议。",
    },
}
JOBS = (
    ("13", "软件开发工程师", "8500", "10000"),
    ("21", "财务专员", "6000", "7200"),
    ("13", "机械工程师", "7000", "8600"),
    ("27", "编辑", "5500", "6500"),
    ("24", "教师", "6000", "7000"),
)


@dataclass(frozen=True)
class Story:
    """How far a case of one graduate and one employer goes. `days` ago it began."""

    graduate: int
    employer: int
    days: float
    # drafting, waiting, lapsed, refused, withdrawn, college, university, failed, completed;
    # and after completion: employer_rescinds, graduate_rescinds (both wait for an answer), rescinded
    path: str


# Graduates and employers by their place in the lists of `people`; 1 and 1 are Lin and Hengxin.
STORIES = (
    Story(1, 1, 1.2, "waiting"), Story(1, 13, 0.4, "waiting"), Story(1, 4, 9, "lapsed"),
    Story(6, 1, 2.5, "college"), Story(11, 3, 3.1, "college"), Story(16, 8, 1.6, "college"),
    Story(21, 1, 4.2, "university"), Story(26, 13, 8, "completed"), Story(31, 1, 10, "completed"),
    Story(36, 1, 7, "refused"), Story(41, 1, 6, "withdrawn"), Story(46, 9, 9.5, "failed"),
    Story(51, 1, 0.2, "drafting"), Story(56, 1, 0.8, "waiting"),
    Story(2, 5, 2.2, "college"), Story(7, 8, 11, "completed"), Story(12, 18, 1.1, "waiting"),
    Story(3, 7, 3.4, "university"), Story(8, 2, 2.9, "college"), Story(13, 19, 12, "completed"),
    Story(4, 10, 2.1, "waiting"), Story(9, 10, 5.5, "university"), Story(5, 3, 1.9, "college"),
    Story(10, 15, 13, "completed"), Story(15, 3, 8.5, "lapsed"),
    Story(66, 1, 14, "employer_rescinds"), Story(86, 1, 13.5, "graduate_rescinds"),
    Story(71, 1, 15, "rescinded"),
)  # fmt: skip


def confirm_most(session: Session, graduates: list[Graduate], now: datetime) -> None:
    """Three of four have confirmed their base data, and all who have a case."""
    for place, graduate in enumerate(graduates, start=1):
        if place % 4 or place < 60:
            confirm_base_data(session, actor_of(session, graduate), now)


def tell(session: Session, school: School, stories: tuple[Story, ...], now: datetime) -> int:
    """Play the stories at the school; gives how many cases there are now."""
    graduates = graduates_of(session, school)
    employers = list(session.scalars(select(Employer).order_by(Employer.uscc)))
    for number, story in enumerate(stories):
        graduate, employer = graduates[story.graduate - 1], employers[story.employer - 1]
        Telling(session, graduate, employer, now - timedelta(days=story.days), now).tell(
            story.path, JOBS[number % len(JOBS)]
        )
    return len(stories)


def graduates_of(session: Session, school: School) -> list[Graduate]:
    """In the order of the register: the serial is the end of the student number."""
    rows = session.scalars(select(Graduate).where(Graduate.school_id == school.id))
    return sorted(rows, key=lambda row: row.student_no[-4:])


def actor_of(session: Session, owner: Graduate | Employer) -> Actor:
    """The graduate's own role, or that of the employer's contact."""
    if isinstance(owner, Graduate) and owner.person_id is not None:
        return actors_of(session, owner.person_id)[0]
    member = session.scalars(select(Membership).where(Membership.employer_id == owner.id)).first()
    if member is None:
        raise LookupError(f"nobody acts for {owner.name}")
    return next(a for a in actors_of(session, member.person_id) if a.membership_id == member.id)


class Telling:
    """One case, from its beginning to where its story stops."""

    def __init__(
        self,
        session: Session,
        graduate: Graduate,
        employer: Employer,
        start: datetime,
        now: datetime,
    ) -> None:
        self.session, self.graduate, self.employer = session, graduate, employer
        self.moment, self.now = start, now

    def tell(self, path: str, job: tuple[str, str, str, str]) -> None:
        hengxin = actor_of(self.session, self.employer)
        case = start_case(
            self.session, hengxin, FAMILY, variant="employer_invitation",
            graduate=self.graduate, employer=self.employer, now=self.moment,
        )  # fmt: skip
        self.case_id = case.id
        if path == "drafting":
            return
        self.answer(hengxin, self._offer(job))
        if path == "withdrawn":
            withdraw_case(self.session, hengxin, self.case_id, self._later(hours=20))
        if path in ("waiting", "lapsed", "withdrawn"):
            return
        lin = actor_of(self.session, self.graduate)
        if path == "refused":
            self.answer(lin, {"outcome": "refuse", "reason": "已有其他安排，谢谢邀请"})
            return
        self.answer(lin, ACCEPT)
        if path == "college":
            return
        if path == "failed":
            self.answer(
                self.member("reviewer"), {"outcome": "refuse", "reason": "单位信息与执照不符"}
            )
            return
        self.answer(self.member("reviewer"), PASS)
        if path == "university":
            return
        if self.waiting():
            self.answer(self.member("office"), PASS)
        if path != "completed":
            self._rescind(lin if path == "graduate_rescinds" else hengxin, lin, path)

    def _rescind(self, asking: Actor, lin: Actor, path: str) -> None:
        """Ask to rescind what was signed, days later; `rescinded` goes on to its end."""
        self._later(hours=9 * 24)
        agreement = self.session.scalars(
            select(Agreement).where(Agreement.case_id == self.case_id)
        ).one()
        case = start_case(
            self.session, asking, "rescission", variant="online_two_party",
            graduate=self.graduate, employer=None, now=self.moment, about=agreement,
        )  # fmt: skip
        self.case_id = case.id
        self.answer(asking, ASKED[asking.role])
        if path == "rescinded":
            self.answer(lin, {"outcome": "accept"})
            self.answer(self.member("reviewer"), PASS)
            self.answer(self.member("office"), PASS)

    def enter_directly(self, path: str, job: tuple[str, str, str, str]) -> None:
        """An employer's direct entry; `college` means that the graduate has confirmed it.

        `completed` goes on through the review.
        """
        employer = actor_of(self.session, self.employer)
        case = start_case(
            self.session, employer, FAMILY, variant="employer_direct",
            graduate=self.graduate, employer=self.employer, now=self.moment,
        )  # fmt: skip
        self.case_id = case.id
        self.answer(employer, self._offer(job))
        if path in ("college", "completed"):
            self.answer(actor_of(self.session, self.graduate), {"outcome": "confirm"})
        if path == "completed":
            self.answer(self.member("reviewer"), PASS)

    def _offer(self, job: tuple[str, str, str, str]) -> dict[str, str]:
        category, name, trial, salary = job
        return {
            "outcome": "send",
            "position_category": category,
            "position_name": name,
            "work_place": self.employer.address,
            "trial_period": "3 个月",
            "trial_salary": trial,
            "salary": salary,
            "penalty": "3000",
            "report_place": self.employer.address,
            "report_by": "2027-07-10",
            "hukou": "EMPLOYER",
            "archive_unit": self.employer.name,
            "archive_address": self.employer.address,
            "archive_postcode": self.employer.postcode,
        }

    def answer(self, actor: Actor, typed: dict[str, str]) -> None:
        """Fill the waiting form as a person would, and submit what it makes of it."""
        task = self.waiting()[0]
        form = task_form(self.session, task, self.moment)
        shown = form.fill().typed_values()
        filled = form.fill(MultiDict(shown | {name: [text] for name, text in typed.items()}))
        if not filled.validate():
            raise ValueError(f"the demo cannot fill {task.form}: {filled.errors}")
        submit_task(self.session, actor, task.id, filled.answers, filled.labelled, self.moment)
        self._later(hours=9)

    def waiting(self) -> list[Task]:
        wanted = select(Task).where(Task.case_id == self.case_id, Task.state == "open")
        return list(self.session.scalars(wanted))

    def _later(self, hours: float) -> datetime:
        """Some hours on, but never after now."""
        self.moment = min(self.moment + timedelta(hours=hours), self.now)
        return self.moment

    def member(self, role: str) -> Actor:
        wanted = select(Membership).where(
            Membership.role == role, Membership.school_id == self.graduate.school_id
        )
        if role == "reviewer":
            wanted = wanted.where(Membership.college_id == self.graduate.college_id)
        member = self.session.scalars(wanted).one()
        return next(a for a in actors_of(self.session, member.person_id) if a.role == role)


def college_named(session: Session, school: School, name: str) -> College:
    return session.scalars(
        select(College).where(College.school_id == school.id, College.name == name)
    ).one()
