"""How a person is reached outside: mobile, mail, WeChat; what they bind and what they refuse.

The register's number and address serve where the account has none of its own. Mail can be refused;
text messages and WeChat carry what the law or a deadline asks for, so a school decides on them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ...database import begin_write, insert_for
from ...models import Contact, Employer, Graduate, Membership, Person
from ..audit import record
from . import codes
from .actors import Actor


def addresses_of(
    session: Session, people: Iterable[uuid.UUID], *, refused_too: bool = False
) -> dict[uuid.UUID, dict[str, str]]:
    """By person the address for each channel that reaches them; none for a blocked account.

    `refused_too` gives the mail address also of who wants no notices there.
    """
    rows = session.execute(
        select(
            Person,
            Contact,
            Graduate.mobile,
            Graduate.email,
            Employer.contact_mobile,
            Employer.contact_email,
        )
        .outerjoin(Contact, Contact.person_id == Person.id)
        .outerjoin(Graduate, Graduate.person_id == Person.id)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id)
            & (Membership.role == "employer")
            & Membership.ended_at.is_(None),
        )
        .outerjoin(Employer, Employer.id == Membership.employer_id)
        .where(Person.id.in_(list(people)))
        .order_by(Membership.id)
    )
    found: dict[uuid.UUID, dict[str, str]] = {}
    for person, contact, mobile, email, unit_mobile, unit_email in rows:
        ways = found.setdefault(person.id, {})
        if person.blocked_at:
            continue
        refuses_mail = contact is not None and contact.no_mail_since is not None
        refuses_mail = refuses_mail and not refused_too
        given = {
            "sms": person.mobile or mobile or unit_mobile,
            "mail": "" if refuses_mail else person.email or email or unit_email,
            "wechat": contact.openid if contact else "",
        }
        for channel, address in given.items():
            if address:
                ways.setdefault(channel, address)
    return found


def refuse_mail(session: Session, actor: Actor, refused: bool, now: datetime) -> None:
    """Have no more mail, or have it again (the caller commits)."""
    contact = own_contact(session, actor)
    contact.no_mail_since = now if refused else None


def own_contact(session: Session, actor: Actor) -> Contact:
    """This person's row, made when first needed."""
    begin_write(session)
    values = {"person_id": actor.person_id}
    session.execute(insert_for(session, Contact).values(values).on_conflict_do_nothing())
    return session.get_one(Contact, actor.person_id, with_for_update=True, populate_existing=True)


def bind_wechat(
    session: Session, actor: Actor, openid: str, now: datetime, address: str = ""
) -> None:
    """Tell this person by WeChat from now on; an openid serves one account, the latest (N01).

    `openid` comes from WeChat itself. The caller commits.
    """
    contact = own_contact(session, actor)
    session.execute(
        update(Contact)
        .where(Contact.openid == openid, Contact.person_id != actor.person_id)
        .values(openid=None, bound_at=None)
    )
    contact.openid, contact.bound_at = openid, now
    session.flush()
    note(session, actor, "绑定微信", now, address)


def unbind_wechat(session: Session, actor: Actor, now: datetime, address: str = "") -> None:
    """No more messages by WeChat. The caller commits."""
    contact = own_contact(session, actor)
    if contact.openid is not None:
        contact.openid = contact.bound_at = None
        note(session, actor, "解绑微信", now, address)


def set_mobile(
    session: Session, actor: Actor, mobile: str, typed: str, now: datetime, address: str = ""
) -> None:
    """Text messages go to this number, which a code has proved. The caller commits.

    Raises NotAMobile, WrongCode or CodeExpired.
    """
    mobile = codes.plain_mobile(mobile)
    codes.check_code(session, mobile, purpose_of(actor), typed, now)
    session.get_one(Person, actor.person_id).mobile = mobile
    note(session, actor, "修改接收短信的手机号", now, address)


def send_mobile_code(
    session: Session, actor: Actor, mobile: str, now: datetime, address: str = ""
) -> None:
    """A code to the number this person wants to be told at. The caller commits."""
    codes.send_code(
        session,
        mobile,
        purpose_of(actor),
        now,
        address=address,
        school_id=actor.school_id,
        person_id=actor.person_id,
    )


def purpose_of(actor: Actor) -> str:
    return f"contact:{actor.person_id.hex}"


def note(session: Session, actor: Actor, told: str, now: datetime, address: str) -> None:
    record(
        session,
        "contact_changed",
        now,
        by=actor,
        about_id=actor.person_id,
        about=told,
        address=address,
    )
