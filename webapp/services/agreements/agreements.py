"""Issues agreements: a number that nobody else gets, a code that nobody can guess, a snapshot.

The snapshot holds the printed values and the answers behind them. The database refuses to change it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import string
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ... import jobs
from ...config import load_config
from ...database import insert_for
from ...models import (
    Agreement,
    AgreementCounter,
    College,
    Employer,
    Graduate,
    History,
    Person,
    School,
    new_id,
)
from ..cases.rows import LiveCase
from . import printed, signatures

NUMBER_PATTERN = "{cohort}{school}{education}{serial:06}{check}"
PLACES = {"cohort", "school", "education", "serial", "check"}
PLAIN_FORMAT = re.compile(r"0?\d{0,2}")
VERSION_IN_CODE = re.compile(r"([2-9]|[1-9]\d{1,3})-[\w-]{22}", re.ASCII)
NOT_PRINTED = ("outcome", "note")


def issue(
    session: Session,
    case: LiveCase,
    graduate: Graduate,
    employer: Employer | None,
    variables: dict[str, Any],
    now: datetime,
) -> Agreement:
    """Write the agreement of an approved case and order its document, in this transaction."""
    school = session.get_one(School, case.school_id)
    number = allot_number(session, school, graduate)
    agreement = drawn_up(session, case, graduate, employer, variables, number, now)
    session.add(agreement)
    session.flush()
    order_document(session, agreement, now)
    return agreement


def order_document(session: Session, agreement: Agreement, now: datetime) -> None:
    """Have the document of an agreement rendered after the commit, once."""
    args = {"agreement": agreement.id.hex}
    jobs.enqueue(session, "render_agreement", args, now, f"render:{agreement.id.hex}")


def register(
    session: Session,
    case: LiveCase,
    graduate: Graduate,
    employer: Employer | None,
    variables: dict[str, Any],
    number: str,
    now: datetime,
) -> Agreement | None:
    """Enter an agreement signed on paper; no document is made of it (L06).

    `number` is the paper's; a paper without one gets the school's next. None when the number
    already stands in the registry.
    """
    if not number:
        school = session.get_one(School, case.school_id)
        number = allot_number(session, school, graduate)
    agreement = drawn_up(session, case, graduate, employer, variables, number, now)
    columns = Agreement.__table__.columns
    values = {name: value for name, value in vars(agreement).items() if name in columns}
    insert = insert_for(session, Agreement.__table__).values(version=1, state="valid", **values)
    insert = insert.on_conflict_do_nothing(index_elements=["number", "version"])
    stored = session.execute(insert.returning(Agreement.id)).first() is not None
    return agreement if stored else None


def void(session: Session, case: LiveCase, now: datetime) -> str:
    """End the valid agreement of this case before it was signed; nothing valid is nothing to do."""
    session.execute(
        update(Agreement)
        .where(Agreement.case_id == case.id, Agreement.state == "valid")
        .values(state="void", changed_at=now)
    )
    return "ok"


def drawn_up(
    session: Session,
    case: LiveCase,
    graduate: Graduate,
    employer: Employer | None,
    variables: dict[str, Any],
    number: str,
    now: datetime,
) -> Agreement:
    """An agreement with the snapshot of what was approved (I4), not yet stored."""
    school = session.get_one(School, case.school_id)
    college = session.get_one(College, graduate.college_id)
    answers = what_was_said(variables)
    opinions = printed.in_own_words(opinions_of(session, case.id), answers)
    signatures.put_under(session, opinions, graduate.id, case.employer_id)
    values = printed.agreement_values(school, college, graduate, employer, answers, opinions)
    values.update(number=number, version=1, issued_on=printed.spoken_date(now))
    return Agreement(
        id=new_id(),
        school_id=case.school_id,
        graduate_id=graduate.id,
        employer_id=case.employer_id,
        case_id=case.id,
        number=number,
        issued_at=now,
        snapshot={"values": values, "answers": answers},
    )


def allot_number(session: Session, school: School, graduate: Graduate) -> str:
    """The next number by the school's pattern; the counter's row is locked until the commit."""
    return format_number(
        school.settings.get("number_pattern", NUMBER_PATTERN),
        cohort=graduate.cohort,
        school=school.code,
        education=graduate.education,
        serial=next_serial(session, school.id, graduate.cohort),
    )


def next_serial(session: Session, school_id: uuid.UUID, cohort: int) -> int:
    """Take the next running number: no duplicates, and a rolled back step leaves no gap."""
    take = (
        update(AgreementCounter)
        .where(AgreementCounter.school_id == school_id, AgreementCounter.cohort == cohort)
        .values(last=AgreementCounter.last + 1)
        .returning(AgreementCounter.last)
        .execution_options(synchronize_session=False)
    )
    serial = session.execute(take).scalar_one_or_none()
    if serial is None:
        first = insert_for(session, AgreementCounter.__table__)
        values = {"school_id": school_id, "cohort": cohort, "last": 0}
        session.execute(first.values(values).on_conflict_do_nothing())
        serial = session.execute(take).scalar_one()
    return serial


def format_number(pattern: str, **facts: Any) -> str:
    """Fill in a pattern; only its five places and plain widths are known, attributes are not."""
    pieces = []
    for literal, place, width, conversion in string.Formatter().parse(pattern):
        pieces.append(literal)
        if place is None:
            continue
        if place not in PLACES or conversion or not PLAIN_FORMAT.fullmatch(width or ""):
            raise ValueError(f"unknown place in the number pattern: {place}")
        so_far = "".join(pieces)
        value = check_digit(so_far) if place == "check" else facts[place]
        pieces.append(format(value, (width or "") + ("d" if place == "serial" else "")))
    return "".join(pieces)


def example_number(pattern: str, serial: int = 1, school: str = "10999", cohort: int = 2027) -> str:
    """What a number by this pattern looks like. Raises ValueError for what the pattern cannot hold."""
    return format_number(pattern, cohort=cohort, school=school, education="31", serial=serial)


def check_digit(number: str) -> str:
    """The ISO 7064 MOD 11,10 digit over the digits of `number`: finds slips and most swaps."""
    product = 10
    for digit in re.sub(r"\D", "", number):
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def verification_code(number: str, version: int = 1) -> str:
    """The code in the QR mark: HMAC-SHA256 of the number, cut to 128 bits, base64url (F15).

    A later version has a code of its own that names it, `2-…`: so a paper tells which it is.
    """
    said = number if version == 1 else f"{number}/{version}"
    digest = hmac.new(load_config().key("verification"), said.encode(), hashlib.sha256).digest()
    code = base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
    return code if version == 1 else f"{version}-{code}"


def version_in(code: str) -> int:
    """The version that a code names."""
    named = VERSION_IN_CODE.fullmatch(code)
    return int(named.group(1)) if named else 1


def verify_url(number: str, version: int = 1) -> str:
    """Where the QR mark leads."""
    return f"{load_config().public_url}/verify/{number}/{verification_code(number, version)}"


def agreement_of(session: Session, case_id: uuid.UUID) -> Agreement | None:
    """The newest version of the agreement that this case issued."""
    return session.scalars(
        select(Agreement)
        .where(Agreement.case_id == case_id)
        .order_by(Agreement.version.desc())
        .limit(1)
    ).first()


def opinions_of(session: Session, case_id: uuid.UUID) -> dict[str, dict[str, str]]:
    """What each side agreed to by its last answer, with the name behind it and the day."""
    answered = session.execute(
        select(History.body, History.at, Person.name)
        .join(Person, Person.id == History.person_id)
        .where(History.case_id == case_id, History.kind == "answered")
        .order_by(History.seq)
    )
    return {
        row.body["role"]: printed.opinion(row.body["role"], row.name, row.at)
        for row in answered
        if row.body["role"] in printed.CONSENT
    }


def what_was_said(variables: dict[str, Any]) -> dict[str, Any]:
    """Every step's answers in one dictionary, later steps over earlier ones, nothing internal."""
    said: dict[str, Any] = {}
    for step in variables.values():
        if isinstance(step, dict):
            said.update(
                {
                    key: value
                    for key, value in step.items()
                    if key not in NOT_PRINTED and not isinstance(value, dict)
                }
            )
    return said
