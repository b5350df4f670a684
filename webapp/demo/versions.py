"""The demo's agreements after they were signed: edits, a handwritten signature, prints and a request."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select
from sqlalchemy.orm import Session

from pdf.glyphs import FOLDER
from webapp.models import Agreement, Employer, Graduate, Membership, PrintRequest, School
from webapp.services.accounts.actors import actors_of
from webapp.services.agreements import print_requests, prints, signatures
from webapp.services.agreements.inked import to_signature
from webapp.services.agreements.prints import Wanted
from webapp.services.cases.cases import start_case

from .cast import SCHOOL_CODE
from .stories import JOBS, Telling, actor_of, graduates_of

# Graduates of the other school by their place in its register, and how far the edit goes.
EDITS = ((24, 12, "waiting"), (22, 14, "confirmed"))
PRINTED, GRANTED = 26, 7  # at the home school: signed with employers of their own
SIGNED_BY = "周宁"


def sign(session: Session, employer: Employer, now: datetime) -> None:
    """The employer's handwritten signature, before anything is issued."""
    picture = to_signature(handwritten(SIGNED_BY))
    signatures.keep(session, actor_of(session, employer), picture, now)


def edit(session: Session, graduates: list[Graduate], employer: Employer, now: datetime) -> int:
    """Two signings whose terms the employer edits: one waits for the graduate, one is confirmed."""
    for place, days, path in EDITS:
        began = now - timedelta(days=days)
        _Editing(session, graduates[place - 1], employer, began, now).edit(path)
    return len(EDITS)


class _Editing(Telling):
    """One signing and its edit."""

    def edit(self, path: str) -> None:
        self.enter_directly("completed", JOBS[0])
        self._later(hours=24 * 9)
        hengxin, lin = actor_of(self.session, self.employer), actor_of(self.session, self.graduate)
        agreement = self.session.scalars(
            select(Agreement).where(Agreement.case_id == self.case_id)
        ).one()
        case = start_case(
            self.session, hengxin, "amendment", variant="employer_edit",
            graduate=self.graduate, employer=None, now=self.moment, about=agreement,
        )  # fmt: skip
        self.case_id = case.id
        self.answer(
            hengxin,
            {
                "outcome": "upload",
                "position_name": "高级软件开发工程师",
                "salary": "11500",
                "report_by": "2027-07-20",
            },
        )
        if path == "confirmed":
            self.answer(lin, {"outcome": "confirm"})


def print_some(session: Session, now: datetime) -> None:
    """Once documents are made: one printed twice, one used up and asked for again, which is granted."""
    home = session.scalars(select(School).where(School.code == SCHOOL_CODE)).one()
    people = graduates_of(session, home)
    office = next(
        actor
        for member in session.scalars(
            select(Membership).where(Membership.role == "office", Membership.school_id == home.id)
        )
        for actor in actors_of(session, member.person_id)
        if actor.role == "office"
    )
    first, second = (agreement_of(session, people[place - 1]) for place in (PRINTED, GRANTED))
    lin = actor_of(session, people[PRINTED - 1])
    prints.hand_out(session, lin, [Wanted(first.id, "用人单位")], now - timedelta(days=2))
    prints.hand_out(session, lin, [Wanted(first.id, "毕业生")], now - timedelta(days=1))
    copies = [Wanted(second.id, copy) for copy in prints.copies_of(home.settings)]
    prints.hand_out(session, office, copies, now - timedelta(days=3))
    asking = actor_of(session, people[GRANTED - 1])
    asked_at = now - timedelta(days=1)
    print_requests.ask(session, asking, second.id, "毕业生", "邮寄途中淋湿，字迹看不清", asked_at)
    request = session.scalars(select(PrintRequest)).one()
    print_requests.decide(session, office, request.id, "granted", "请交回原件", now)


def agreement_of(session: Session, graduate: Graduate) -> Agreement:
    wanted = select(Agreement).where(
        Agreement.graduate_id == graduate.id, Agreement.state == "valid"
    )
    return session.scalars(wanted).one()


def handwritten(name: str) -> bytes:
    """A name as if by hand: slanted, on a clear ground, as a page sends it."""
    picture = Image.new("RGBA", (1000, 420), (0, 0, 0, 0))
    font = ImageFont.truetype(str(FOLDER / "QianyueKai-Regular.ttf"), 300)
    ImageDraw.Draw(picture).text((150, 30), name, font=font, fill=(16, 16, 16, 255))
    slanted = picture.transform(picture.size, Image.Transform.AFFINE, (1, 0.28, -70, 0.06, 1, -20))
    out = io.BytesIO()
    slanted.save(out, "PNG")
    return out.getvalue()
