"""Signing by a graduate's card through the services: what it binds, opens and counts."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.models import Case, Claim, Employer, GuestLink, GuestProof, Membership, Person
from webapp.services.cases import tasks
from webapp.services.cases.cases import submit_task
from webapp.services.cases.history import broken_links
from webapp.services.design import releases
from webapp.services.guests import cards
from webapp.services.guests.guest_links import LinkUsedUp, guest_of

CODE = "91340100MA2MRBFK0N"
OFFER = {
    "outcome": "sign",
    "employer_name": "竹里文创工作室",
    "uscc": CODE,
    "contact_name": "许老师",
    "position_name": "编辑",
    "salary": "6800",
}


@pytest.fixture
def card(session, cast, monday, monkeypatch):
    monkeypatch.setattr(releases, "require_sound", lambda *args: None)
    offered = {"online_signing": ["qr_card"]}
    cast.school.settings = {"review_levels": "college", "offered": offered}
    session.commit()
    releases.publish_packaged(session, cast.school.id, monday)
    cards.renew_card(session, cast.lin, monday)
    session.commit()
    return session.scalars(select(GuestLink)).one()


def proved(session, card, mobile, monday):
    proof = GuestProof(link_id=card.id, mobile=mobile, proved_at=monday)
    session.add(proof)
    session.commit()
    return proof


def sign(session, card, proof, monday, actor, **changed):
    """Begin, fill in, and let the graduate confirm; gives the case."""
    case = cards.begin(session, card, proof, monday)
    session.commit()
    for one, said in (
        (guest_of(card, proof), {**OFFER, "contact_mobile": proof.mobile, **changed}),
        (actor, {"outcome": "confirm"}),
    ):
        (task,) = tasks.open_tasks(session, case.id)
        session.commit()
        submit_task(session, one, task.id, said, [], monday)
        session.commit()
    return session.get(Case, case.id)


@pytest.mark.requirement("E04", "E08", "A06")
def test_signing_binds_the_graduate_and_opens_the_employers_account(card, session, cast, monday):
    proof = proved(session, card, "13800000088", monday)

    case = sign(session, card, proof, monday, cast.lin)

    employer = session.scalars(select(Employer).where(Employer.uscc == CODE)).one()
    person = session.scalars(select(Person).where(Person.login == "13800000088")).one()
    assert case.status == "signed_waiting_school"
    assert case.employer_id == employer.id
    assert session.scalars(select(Claim.case_id)).all() == [case.id]
    assert person.must_change_password
    assert broken_links(session, case.id) == []
    actors = [row.actor for row in case.history if row.kind in ("started", "answered")]
    assert actors == ["guest", "guest", "guest", "person"]


@pytest.mark.requirement("A06")
def test_the_same_contact_keeps_one_account_and_a_stranger_gets_none(card, session, cast, monday):
    first = proved(session, card, "13800000088", monday)
    sign(session, card, first, monday, cast.lin)
    stranger = proved(session, card, "13800000099", monday)
    other, he = cast.make.graduate(cast.school, cast.college, "何同学")
    session.commit()
    cards.renew_card(session, he, monday)
    session.commit()
    theirs = session.scalars(select(GuestLink).where(GuestLink.graduate_id == other.id)).one()

    again = sign(session, theirs, proved(session, theirs, "13800000088", monday), monday, he)

    assert again.employer_id is not None
    members = select(func.count(Membership.id)).where(Membership.employer_id == again.employer_id)
    assert session.scalar(members) == 1
    assert stranger.mobile != first.mobile
    third, ma = cast.make.graduate(cast.school, cast.college, "马同学")
    session.commit()
    cards.renew_card(session, ma, monday)
    session.commit()
    hers = session.scalars(select(GuestLink).where(GuestLink.graduate_id == third.id)).one()
    known = sign(session, hers, proved(session, hers, "13800000099", monday), monday, ma)
    assert known.employer_id is None
    assert session.scalar(members) == 1


@pytest.mark.requirement("E02")
def test_the_last_use_is_taken_once(card, sessions, session, cast, monday):
    card.uses_left = 1
    session.commit()
    proofs = [proved(session, card, f"1380000010{n}", monday).id for n in range(2)]
    link_id = card.id

    def begin(proof_id):
        def act(own):
            return cards.begin(
                own, own.get(GuestLink, link_id), own.get(GuestProof, proof_id), monday
            ).status

        return act

    results = race(sessions, [begin(one) for one in proofs])

    session.rollback()
    assert results.count("drafting") == 1
    assert [type(one) for one in results if one != "drafting"] == [LinkUsedUp]
    assert session.scalar(select(func.count(Case.id))) == 1
