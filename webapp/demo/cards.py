"""The demo's signing by a QR card: an employer without an account has signed, the college reviews."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.models import Case, Employer, Graduate, GuestLink, GuestProof
from webapp.pages.guests import guest_form
from webapp.services.cases.cases import submit_task
from webapp.services.guests import cards
from webapp.services.guests.guest_links import guest_of

from .stories import Telling, actor_of

MOBILE = "19900001077"


def sign(session: Session, graduates: list[Graduate], employer: Employer, now: datetime) -> None:
    """Play one signing by a card up to the review. Nature and place are those of `employer`."""
    busy = set(session.scalars(select(Case.graduate_id).where(Case.graduate_id.is_not(None))))
    free = [one for one in graduates if one.id not in busy and one.base_data_confirmed_at]
    _Scanned(session, free[-1], employer, now - timedelta(days=1.5), now).sign()


class _Scanned(Telling):
    """A card that was shown, scanned and signed with."""

    def sign(self) -> None:
        graduate = actor_of(self.session, self.graduate)
        cards.renew_card(self.session, graduate, self.moment)
        card = self.session.scalars(
            select(GuestLink).where(GuestLink.graduate_id == self.graduate.id)
        ).one()
        proof = GuestProof(link_id=card.id, mobile=MOBILE, proved_at=self.moment)
        self.session.add(proof)
        self.session.flush()
        case = cards.begin(self.session, card, proof, self.moment)
        self.case_id = case.id
        self.fill(card, proof)
        self.answer(graduate, {"outcome": "confirm"})

    def fill(self, card: GuestLink, proof: GuestProof) -> None:
        """What the guest types on the second page."""
        guest, task = guest_of(card, proof), self.waiting()[0]
        form = guest_form(self.session, guest, task, self.moment)
        shown = form.fill().typed_values()
        filled = form.fill(MultiDict(shown | {name: [text] for name, text in self.offer().items()}))
        if not filled.validate():
            raise ValueError(f"the demo cannot fill {task.form}: {filled.errors}")
        submit_task(self.session, guest, task.id, filled.answers, filled.labelled, self.moment)
        self._later(hours=9)

    def offer(self) -> dict[str, str]:
        return {
            "employer_name": "竹里文创工作室",
            "uscc": "无",
            "uscc_none_reason": "演示数据，没有真实代码",
            "nature": self.employer.nature,
            "industry": self.employer.industry,
            "region": self.employer.region,
            "address": "示范路 77 号",
            "contact_name": "许老师",
            "contact_email": "hr77@example.com",
            "position_category": "27",
            "position_name": "内容编辑",
            "trial_period": "2 个月",
            "trial_salary": "5600",
            "salary": "6800",
            "penalty": "1000",
            "hukou": "NONE",
            "outcome": "sign",
        }
