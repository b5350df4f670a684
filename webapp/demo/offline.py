"""The demo's offline signings: one waits for the sealed copy, with a link sent; one is completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.models import Employer, Graduate
from webapp.services.cases.cases import start_case
from webapp.services.files.uploads import store

from .registrations import FIELD, sealed_page
from .stories import PASS, Telling, actor_of

FAMILY = "offline_signing"


@dataclass(frozen=True)
class Signing:
    """A graduate, by the place in the register, and an employer without an account."""

    graduate: int
    employer: str
    mobile: str
    days: float
    path: str  # asked, completed


SIGNINGS = (
    Signing(111, "望江智能装备有限公司", "19900001088", 2.5, "asked"),
    Signing(106, "云麓文化传播有限公司", "19900001089", 9, "completed"),
)


def sign(session: Session, graduates: list[Graduate], employer: Employer, now: datetime) -> int:
    """Play the signings; gives how many there are. Nature and place are those of `employer`."""
    for one in SIGNINGS:
        began = now - timedelta(days=one.days)
        _Signing(session, graduates[one.graduate - 1], employer, began, now).sign(one)
    return len(SIGNINGS)


class _Signing(Telling):
    """One offline signing, from its beginning to where its story stops."""

    def sign(self, told: Signing) -> None:
        graduate = actor_of(self.session, self.graduate)
        case = start_case(
            self.session, graduate, FAMILY, graduate=self.graduate, employer=None, now=self.moment
        )
        self.case_id = case.id
        self.answer(graduate, self.application(told))
        self.pass_both()
        if told.path == "asked":
            self.answer(graduate, {"outcome": "ask_employer", "mobile": told.mobile})
            return
        task = self.waiting()[0]
        image = store(
            self.session, graduate, task.id, FIELD, "盖章协议书.png", sealed_page(), self.moment
        )
        self.answer(graduate, {"outcome": "upload", FIELD: image.id.hex})
        self.pass_both()

    def pass_both(self) -> None:
        self.answer(self.member("reviewer"), PASS)
        self.answer(self.member("office"), PASS)

    def application(self, told: Signing) -> dict[str, str]:
        return {
            "employer_name": told.employer,
            "uscc": "无",
            "uscc_none_reason": "演示数据，没有真实代码",
            "nature": self.employer.nature,
            "industry": self.employer.industry,
            "region": self.employer.region,
            "address": "示范路 88 号",
            "contact_name": "顾老师",
            "contact_mobile": told.mobile,
            "contact_email": "hr88@example.com",
            "position_category": "13",
            "position_name": "自动化工程师",
            "trial_period": "3 个月",
            "trial_salary": "6800",
            "salary": "8000",
            "penalty": "2000",
            "hukou": "NONE",
            "outcome": "submit",
            "ack": "y",
        }
