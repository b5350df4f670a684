"""What diagrams may ask for, done in the transaction of the step that asks.

What must hold across cases is a unique index; an operator that meets it gives an outcome, which a
gateway routes. Nothing here raises for what the school expects to happen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.durations import parse_moment
from processes.engine import OperatorResult

from ...database import insert_for
from ...models import Claim, Destination, Employer, Graduate, Invitation, School, new_id
from ...models.registry import LIVE_CLAIM, LIVE_INVITATION
from ..accounts import corrections
from ..agreements import agreements, amendments, filings, rescissions
from ..destinations import destinations, voiding
from ..employers import accepting, chosen_employer, managers
from ..guests import guest_links, provisional
from ..guests.guest_notices import notify_guest
from ..notices import notices
from ..signing import signing_notice
from . import binding
from .catalogued import require_call, require_outcome
from .rows import LiveCase


class CaseOperators:
    """The operators of one case in one transaction, as `processes.engine.Operators` wants them."""

    def __init__(
        self,
        session: Session,
        case: LiveCase,
        now: datetime,
        variables: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self.session = session
        self.case = case
        self.now = now
        self.variables = variables

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> OperatorResult | str:
        """Do what the catalogue calls `operator`; gives its outcome. `at` is the element's path.

        Raises NotInCatalogue for a name, parameter or outcome that no diagram was checked for.
        """
        require_call(operator, parameters)
        if operator == "notify" and parameters["to"] == "guest":
            notify_guest(self.session, self.case, at, parameters["event"], self.now)
            return "ok"
        if operator == "notify":
            notices.notify(self.session, self.case, at, now=self.now, **parameters)
            return "ok"
        return require_outcome(operator, getattr(self, operator)(**parameters))

    def check_eligibility(self, purpose: str = "online", code: str | None = None) -> str:
        """Base data confirmed, not trained for one employer, and open to online signing (B05, B10).

        Who may not sign online may still bring what was signed otherwise (M04 bars only those
        trained for one employer, who register the one destination of `code` that is theirs).
        """
        graduate = self.graduate()
        school = self.session.get_one(School, graduate.school_id)
        directed_may = school.settings.get("directed_may_sign_online", False)
        if graduate.base_data_confirmed_at is None:
            return "unconfirmed"
        if purpose == "destination":
            allowed = destinations.may_register(graduate, school.settings, code or "")
            return "ok" if allowed else "not_allowed"
        if purpose == "online" and not graduate.online_signing_allowed:
            return "not_allowed"
        if graduate.training_mode in destinations.TRAINED_FOR_AN_EMPLOYER and not directed_may:
            return "not_allowed"
        return "ok"

    def record_consent(self, version: str) -> OperatorResult:
        """Keep the text of the 签约须知 that was agreed to, by its version (G02)."""
        school = self.session.get_one(School, self.case.school_id)
        notice = signing_notice.notice_of(school.settings)
        signing_notice.keep(self.session, notice)
        return OperatorResult("ok", {"version": version, "sha256": notice.sha256})

    def choose_employer(self, employer: str) -> str:
        """Give the case to the employer that the graduate chose; a case never changes it (A20, G07)."""
        return chosen_employer.choose(self.session, self.case, employer, self.now)

    def save_employer_profile(self, step: str) -> str:
        """Keep what the employer corrected about itself in this step, for its next signing (G10)."""
        answers = self.variables().get(step, {})
        chosen_employer.save_profile(self.session, self.case, answers)
        return "ok"

    def file_agreement(self, sealed_on: str | None = None) -> str:
        """File the agreement of this case: its sealed copy was seen (G28)."""
        return filings.file_agreement(self.session, self.case, sealed_on, self.now)

    def open_invitation(self, reply_by: str | datetime | None = None) -> str:
        """Make the offer live, unless this employer already has a live one for this graduate (I2)."""
        moment = parse_moment(reply_by) if isinstance(reply_by, str) else reply_by
        own = update(Invitation).where(
            Invitation.case_id == self.case.id, Invitation.closed_at.is_(None)
        )
        if self.session.execute(own.values(reply_by=moment)).rowcount:  # type: ignore[attr-defined]
            return "ok"
        values = {
            **self.keys(),
            "employer_id": self.case.employer_id,
            "opened_at": self.now,
            "reply_by": moment,
        }
        stored = self.store(Invitation, values, ["employer_id", "graduate_id"], LIVE_INVITATION)
        return "ok" if stored else "already_open"

    def acquire_claim(self) -> str:
        """Bind the graduate to this case, unless another case was faster (I1)."""
        stored = self.store(
            Claim, {**self.keys(), "acquired_at": self.now}, ["graduate_id"], LIVE_CLAIM
        )
        if stored:
            return "ok"
        holder = self.session.scalar(
            select(Claim.case_id).where(
                Claim.graduate_id == self.case.graduate_id, Claim.released_at.is_(None)
            )
        )
        return "ok" if holder == self.case.id else "taken"

    def check_claim(self) -> str:
        """Whether nothing else binds the graduate; stays so until this step's commit.

        A claim refers to the graduate's row, so whoever takes one meanwhile waits behind this lock.
        """
        self.session.execute(
            select(Graduate.id).where(Graduate.id == self.case.graduate_id).with_for_update()
        )
        holder = binding.holder_of_claim(self.session, self.case.graduate_id)
        return "ok" if holder in (None, self.case.id) else "taken"

    def release_claim(self) -> str:
        """Let the graduate go again (H14)."""
        self.session.execute(
            update(Claim)
            .where(Claim.case_id == self.case.id, Claim.released_at.is_(None))
            .values(released_at=self.now)
        )
        return "ok"

    def issue_agreement(self) -> OperatorResult:
        """Number, snapshot and the order to render the document (I4)."""
        agreement = agreements.issue(
            self.session, self.case, self.graduate(), self.employer(), self.variables(), self.now
        )
        return OperatorResult("ok", {"number": agreement.number})

    def write_destination(self, code: str, effective_on: str | date | None = None) -> str:
        """Close the destination in force and write the new one."""
        self.session.execute(
            update(Destination)
            .where(
                Destination.graduate_id == self.case.graduate_id, Destination.closed_at.is_(None)
            )
            .values(closed_at=self.now)
        )
        if isinstance(effective_on, str):
            effective_on = date.fromisoformat(effective_on[:10]) if effective_on else None
        self.session.add(
            Destination(
                **self.keys(),
                code=code,
                written_at=self.now,
                effective_on=effective_on,
                snapshot=agreements.what_was_said(self.variables()),
            )
        )
        self.session.flush()
        return "ok"

    def close_destination(self) -> str:
        """Void the destination in force, never an agreement's; what wrote it binds no more (M10)."""
        said = agreements.what_was_said(self.variables())
        return voiding.close(self.session, self.case, str(said.get("reason") or ""), self.now)

    def register_agreement(self, number: str | None = None) -> OperatorResult:
        """Enter a signed paper agreement under its own number; nothing is printed (L06)."""
        agreement = agreements.register(
            self.session,
            self.case,
            self.graduate(),
            self.employer(),
            self.variables(),
            (number or "").strip(),
            self.now,
        )
        if agreement is None:
            return OperatorResult("number_taken")
        return OperatorResult("ok", {"number": agreement.number})

    def open_rescission(self, agreement: str | None = None) -> str:
        """Ask to rescind the agreement this case is about; one request at a time (I5)."""
        return rescissions.open_request(self.session, self.case, agreement, self.now)

    def close_rescission(self, result: str) -> str:
        """End the request; the agreement stays in force unless it was rescinded."""
        return rescissions.close_request(self.session, self.case, result, self.now)

    def void_agreement(self) -> str:
        """Withdraw the agreement that this case issued and that was never signed to the end (J19).

        Its number stays its own, and whoever verifies it reads that it is void.
        """
        return agreements.void(self.session, self.case, self.now)

    def invite_guest(self, mobile: str, valid_for: str | None = None) -> str:
        """Send a link that opens this case's guest step (J14); an older one ends."""
        return guest_links.invite(self.session, self.case, mobile, valid_for, self.now)

    def open_provisional_account(self, mobile: str) -> str:
        """An account for the employer that a guest signed for, unless it has one (A06, E08)."""
        return provisional.open_account(self.session, self.case, self.variables(), mobile, self.now)

    def rescind_agreement(self) -> str:
        """Agreement, destination, claim and request, in one (F19, I06, K04)."""
        return rescissions.rescind(self.session, self.case, self.now)

    def open_amendment(self) -> str:
        """Ask the graduate to confirm an edit; one at a time, none beside a rescission (F21)."""
        return amendments.open_request(self.session, self.case, self.variables(), self.now)

    def amend_agreement(self) -> OperatorResult | str:
        """Issue the next version of the agreement with what the graduate confirmed (F22)."""
        return amendments.amend(self.session, self.case, self.variables(), self.now)

    def close_amendment(self, result: str) -> str:
        """End the edit; the agreement stays as it was."""
        return amendments.close_request(self.session, self.case, result, self.now)

    def look_up_employer(self) -> OperatorResult:
        """What is known about the employer's code and name, for the reviewer (A18)."""
        return OperatorResult("ok", accepting.look_up(self.session, self.case, self.variables()))

    def certify_employer(self) -> str:
        """Profile, level, manager and the certifying school, in one (K13)."""
        return accepting.certify(self.session, self.case, self.variables(), self.now)

    def appoint_manager(self, name: str, mobile: str) -> str:
        """A new manager in place of the one before (A08, A16)."""
        managers.appoint(self.session, self.case, name, mobile, self.now)
        return "ok"

    def correct_register(self) -> OperatorResult:
        """Change the graduate's line, keep what it was, and ask for a new confirmation (B02)."""
        return corrections.correct(self.session, self.case, self.variables(), self.now)

    def graduate(self) -> Graduate:
        """The graduate as the register has them now, not as this session once read them."""
        return self.session.get_one(Graduate, self.case.graduate_id, populate_existing=True)

    def employer(self) -> Employer | None:
        return self.session.get(Employer, self.case.employer_id) if self.case.employer_id else None

    def keys(self) -> dict[str, Any]:
        case = self.case
        return {
            "id": new_id(),
            "school_id": case.school_id,
            "graduate_id": case.graduate_id,
            "case_id": case.id,
        }

    def store(self, model: Any, values: dict[str, Any], unique: list[str], where: Any) -> bool:
        """Insert, or give way to the row that holds the unique index; atomic on both databases."""
        statement = insert_for(self.session, model.__table__).values(values)
        statement = statement.on_conflict_do_nothing(index_elements=unique, index_where=where)
        return self.session.execute(statement.returning(model.id)).first() is not None
