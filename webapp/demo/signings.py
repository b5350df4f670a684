"""The demo's signings that graduates begin, and those that an employer enters directly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Employer, Graduate, Task
from webapp.services.cases.cases import start_case
from webapp.services.signing.signing_notice import notice_of

from .stories import FAMILY, JOBS, PASS, Telling, actor_of

CONTACT = {
    "school_department": "土木工程学院学生工作办公室",
    "school_contact_name": "方老师",
    "school_phone": "025-00000011",
    "school_postcode": "211100",
    "school_address": "江苏省南京市江宁区松澜路 1 号土木楼 102",
}


@dataclass(frozen=True)
class Signing:
    """A graduate and an employer, by their places in the lists, and how far it goes."""

    graduate: int
    employer: int
    days: float
    # drafting, waiting, objected, confirming, college, approved, filed
    path: str


STUDENT_SIGNINGS = (
    Signing(1, 1, 0.5, "drafting"),
    Signing(3, 1, 1.4, "waiting"),
    Signing(5, 1, 1.1, "waiting"),
    Signing(7, 1, 2.8, "objected"),
    Signing(9, 1, 3.2, "confirming"),
    Signing(11, 13, 4.5, "college"),
    Signing(13, 1, 9, "approved"),
    Signing(15, 14, 20, "filed"),
)
# At the school where employers enter: one waits for the graduate, one for the college.
DIRECT_SIGNINGS = (Signing(7, 1, 0.7, "entered"), Signing(9, 13, 2.6, "college"))


def sign(
    session: Session,
    graduates: list[Graduate],
    employers: list[Employer],
    signings: tuple[Signing, ...],
    now: datetime,
) -> int:
    """Play the signings; gives how many there are."""
    for number, one in enumerate(signings):
        began = now - timedelta(days=one.days)
        graduate, employer = graduates[one.graduate - 1], employers[one.employer - 1]
        telling = _Signing(session, graduate, employer, began, now)
        job = JOBS[number % len(JOBS)]
        if signings is DIRECT_SIGNINGS:
            telling.enter_directly(one.path, job)
        else:
            telling.sign(one.path, job)
    return len(signings)


class _Signing(Telling):
    """One signing, from its beginning to where its story stops."""

    def sign(self, path: str, job: tuple[str, str, str, str]) -> None:
        graduate, employer = (
            actor_of(self.session, self.graduate),
            actor_of(self.session, self.employer),
        )
        case = start_case(
            self.session, graduate, FAMILY, variant="student_initiated",
            graduate=self.graduate, employer=None, now=self.moment,
        )  # fmt: skip
        self.case_id = case.id
        self.answer(graduate, {"ack": notice_of({}).version})
        if path == "drafting":
            return
        chosen = {
            "employer": self.employer.id.hex,
            "email": f"s{self.graduate.student_no}@example.edu.cn",
            "data_right": "1",
            "outcome": "submit",
        }
        self.answer(graduate, chosen)
        if path == "waiting":
            return
        self.answer(employer, {**self._offer(job), "outcome": "sign"})
        if path == "confirming":
            return
        if path == "objected":
            wrong = {"outcome": "object", "proposal": "商定的报到地点是江宁分公司，请改正。"}
            self.answer(graduate, wrong)
            return
        self.answer(graduate, {"outcome": "confirm"})
        if path == "college":
            return
        self.answer(self.member("reviewer"), {**PASS, **CONTACT})
        if path == "filed":
            seen = {"sealed_seen": "1", "sealed_on": self.moment.date().isoformat()}
            self._later(hours=200)
            self.answer_form("filing/file_agreement", seen)

    def answer_form(self, form: str, typed: dict[str, str]) -> None:
        """Answer the step with this form, while another one waits beside it."""
        wanted = select(Task).where(
            Task.case_id == self.case_id, Task.state == "open", Task.form == form
        )
        self.task = self.session.scalars(wanted).one()
        self.answer(self.member("reviewer"), typed)

    task: Task | None = None

    def waiting(self) -> list[Task]:
        return [self.task] if self.task else super().waiting()
