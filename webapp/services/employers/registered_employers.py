"""The employers a graduate may choose: registered here, and verified as far as the school asks (A20).

They are searched like a code table, so the picker's page serves both; the code is the id.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from forms.code_tables import Code, CodeTable

from ...models import Employer, Membership, School
from ..schools.labels import code_name
from ..schools.settings import value_of
from .lasting import level_now
from .levels import LEVELS

SCHEME = "registered_employer"
SHORTEST_PIECES = 2


class RegisteredEmployers(CodeTable):
    """A code table of employers, read from the database when asked.

    `only` narrows it to the employer that a case already belongs to.
    """

    def __init__(
        self, session: Session, school: School, now: datetime, only: uuid.UUID | None = None
    ) -> None:
        super().__init__(SCHEME, "已注册的用人单位", ())
        self.session, self.school, self.now, self.only = session, school, now, only

    def __contains__(self, code: object) -> bool:
        return self.find(str(code)) is not None

    def find(self, code: str) -> Code | None:
        employer = self.employer(code)
        return self.row(employer) if employer else None

    def name(self, code: str, otherwise: str | None = None) -> str:
        row = self.find(code)
        if row is not None:
            return row.name
        return code if otherwise is None else otherwise

    def path(self, code: str) -> tuple[Code, ...]:
        """The employer under its place and credit code, which tell namesakes apart."""
        employer = self.employer(code)
        if employer is None:
            return ()
        place = [code_name("region", employer.region), employer.uscc]
        above = Code("", " · ".join(filter(None, place)), selectable=False)
        return above, self.row(employer)

    def path_name(self, code: str) -> str:
        return self.name(code)

    def children(self, code: str | None = None) -> tuple[Code, ...]:
        """Nothing to go down: the list is not for browsing, but for the one that is fixed."""
        row = self.find(self.only.hex) if self.only and code is None else None
        return (row,) if row else ()

    def selectable(self, code: str, *, lowest: bool = False) -> bool:
        return self.find(code) is not None

    def search(self, text: str, limit: int = 50, *, lowest: bool = False) -> tuple[Code, ...]:
        """Employers whose name holds every word of the text, else its letters in this order; or the
        one with this credit code.
        """
        words = text.split()
        if not words:
            return ()
        found = self.matching(words, limit)
        letters = "".join(words)
        if not found and len(letters) >= SHORTEST_PIECES:
            found = self.in_order(letters, limit)
        return tuple(self.row(employer) for employer in found)

    def matching(self, words: list[str], limit: int) -> list[Employer]:
        wanted = self.wanted()
        for word in words:
            holds = Employer.name.contains(word, autoescape=True)
            wanted = wanted.where(holds | (Employer.uscc == word.upper()))
        begins = Employer.name.startswith(words[0], autoescape=True)
        order = (case((begins, 0), else_=1), func.length(Employer.name), Employer.name)
        return list(self.session.scalars(wanted.order_by(*order).limit(limit)))

    def in_order(self, letters: str, limit: int) -> list[Employer]:
        """Names that hold these letters in this order, whatever stands between them."""
        escaped = [f"\\{one}" if one in "\\%_" else one for one in letters[:20]]
        like = Employer.name.like(f"%{'%'.join(escaped)}%", escape="\\")
        order = (func.length(Employer.name), Employer.name)
        return list(self.session.scalars(self.wanted().where(like).order_by(*order).limit(limit)))

    def employer(self, code: str) -> Employer | None:
        try:
            wanted = uuid.UUID(hex=code)
        except ValueError:
            return None
        return self.session.scalars(self.wanted().where(Employer.id == wanted)).first()

    def wanted(self) -> Select[Any]:
        """Registered means that somebody can log in for it."""
        lowest = LEVELS.index(value_of(self.school.settings, "minimum_verification"))
        member = select(Membership.id).where(
            Membership.employer_id == Employer.id, Membership.ended_at.is_(None)
        )
        found = select(Employer).where(member.exists())
        if lowest and not self.only:  # who has a case already goes on with it
            found = found.where(level_now(self.session, self.now).in_(LEVELS[lowest:]))
        return found.where(Employer.id == self.only) if self.only else found

    @staticmethod
    def row(employer: Employer) -> Code:
        return Code(employer.id.hex, employer.name)
