"""The acts of registering a destination, page by page, for the stories of several pages."""

from __future__ import annotations

import io
import re

from PIL import Image
from sqlalchemy import select

from webapp.models import Case, Destination
from webapp.services.cases import tasks

STUDY = {
    "study_school": "江南大学",
    "study_school_code": "10295",
    "study_major": "食品科学",
    "study_mode": "full",
    "study_proof_kind": "notice",
    "outcome": "submit",
}


def image() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    out.seek(0)
    return out, "录取通知书.png"


class Registration:
    """The acts of a registration on its pages."""

    def __init__(self, visit, cast, session) -> None:
        self.visit, self.cast, self.session = visit, cast, session
        self.actor, self.graduate = cast.lin, cast.graduate
        self.entry = f"/start/other_destination/registration/graduate/{cast.graduate.id}"

    def begin(self):
        return self.visit(self.actor).post(self.entry)

    def case(self, family="other_destination") -> Case:
        self.session.rollback()
        found = select(Case).where(Case.family == family).order_by(Case.id.desc())
        return self.session.scalars(found.limit(1)).one()

    def task(self, family="other_destination"):
        (task,) = tasks.open_tasks(self.session, self.case(family).id)
        return task

    def post(self, **posted):
        address = f"/tasks/{self.task().id}/answer"
        return self.visit(self.actor).post(address, data=posted, follow_redirects=True)

    def choose(self, code):
        self.begin()
        return self.post(code=code, outcome="fill", do="confirm")

    def fill(self, **data):
        """Check the filing, then confirm what the second page holds."""
        checked = self.post(**data, do="check")
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text)
        return self.post(**dict(pairs), do="confirm")

    def submit(self):
        self.choose("801")
        return self.fill(**STUDY, study_proof__album=image())

    def review(self, actor, **answers):
        return self.visit(actor).post(f"/review/{self.task().id}", data=answers)

    def page(self, actor, family="other_destination"):
        return self.visit(actor).get(f"/cases/{self.case(family).id}").text

    def void_entry(self):
        self.session.rollback()
        destination = self.session.scalars(select(Destination)).one()
        return f"/start/destination_void/self_service/destination/{destination.id}"
