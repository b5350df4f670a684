"""The demo's registrations of agreements signed on paper: one waits for review, one is completed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from webapp.models import Employer, Graduate
from webapp.services.cases.cases import start_case
from webapp.services.files.uploads import store

from .stories import PASS, Telling, actor_of

FAMILY, FIELD = "paper_registration", "sealed_copy"


@dataclass(frozen=True)
class Registration:
    """A graduate, by the place in the register, and the employer on the paper, which has no account."""

    graduate: int
    employer: str
    number: str
    days: float
    path: str  # college, completed


REGISTRATIONS = (
    Registration(91, "湖畔生物技术有限公司", "340001270066", 0.3, "college"),
    Registration(101, "白鹭洲建筑设计事务所", "340001270071", 6, "completed"),
)


def register(session: Session, graduates: list[Graduate], employer: Employer, now: datetime) -> int:
    """Play the registrations; gives how many there are. Nature and place are those of `employer`."""
    for one in REGISTRATIONS:
        began = now - timedelta(days=one.days)
        _Registering(session, graduates[one.graduate - 1], employer, began, now).register(one)
    return len(REGISTRATIONS)


class _Registering(Telling):
    """One registration, from its beginning to where its story stops."""

    def register(self, told: Registration) -> None:
        graduate = actor_of(self.session, self.graduate)
        case = start_case(
            self.session, graduate, FAMILY, graduate=self.graduate, employer=None, now=self.moment
        )
        self.case_id = case.id
        task = self.waiting()[0]
        image = store(
            self.session, graduate, task.id, FIELD, "协议第1页.png", sealed_page(), self.moment
        )
        self.answer(graduate, {**self.paper(told), FIELD: image.id.hex})
        if told.path == "completed":
            self.answer(self.member("reviewer"), PASS)
            self.answer(self.member("office"), PASS)

    def paper(self, told: Registration) -> dict[str, str]:
        """What stands on the paper."""
        return {
            "employer_name": told.employer,
            "uscc": "无",
            "uscc_none_reason": "演示数据，没有真实代码",
            "nature": self.employer.nature,
            "industry": self.employer.industry,
            "region": self.employer.region,
            "address": "示范路 66 号",
            "contact_name": "沈老师",
            "contact_mobile": "19900001066",
            "contact_email": "hr66@example.com",
            "position_category": "13",
            "position_name": "技术员",
            "salary": "7200",
            "hukou": "NONE",
            "signed_on": (self.moment - timedelta(days=3)).date().isoformat(),
            "paper_number": told.number,
            "outcome": "submit",
            "ack": "y",
        }


def sealed_page() -> bytes:
    """A page with lines and a red seal, to stand for a photo of the paper."""
    page = Image.new("RGB", (600, 848), "white")
    draw = ImageDraw.Draw(page)
    for y in range(120, 640, 40):
        draw.line((70, y, 530, y), fill="#888888", width=2)
    draw.ellipse((340, 620, 500, 780), outline="#c0392b", width=8)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
