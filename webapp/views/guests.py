"""A guest comes by a link from a message or a QR code, and proves a mobile by a code."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp import visits
from webapp.access import public
from webapp.current import address, db, moment
from webapp.errors import CaseError
from webapp.pages.guests import (
    GuestPage,
    first_form,
    guest_page,
    may_begin_again,
    phone_behind,
    require_not_overtaken,
    require_waiting,
    result_of,
)
from webapp.services.accounts.actors import masked_mobile
from webapp.services.accounts.codes import CodeExpired, WrongCode
from webapp.services.accounts.throttles import TooManyTries
from webapp.services.guests import cards, guest_proofs
from webapp.services.guests.guest_links import find_by_token, require_uses
from webapp.visits import NotProved

bp = Blueprint("guests", __name__)


@bp.after_request
def tell_nobody_whence(answer: Any) -> Any:
    """No page of a guest tells another site, or the next page, where it was."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/g/<token>")
@public
def enter(token: str) -> Any:
    """The one address with the token: it leaves it behind at once. Nothing is used up by looking."""
    link = find_by_token(db(), token)
    visits.open_link(link.id)
    return redirect(url_for("guests.show", link_id=link.id), 303)


@bp.get("/guest/<uuid:link_id>")
@public
def show(link_id: uuid.UUID) -> Any:
    """What the link is for, before anything is asked."""
    link = visits.opened(link_id)
    known = visits.guest_or_nobody(link_id)
    if known and known.case_id and not may_begin_again(db(), known):
        return redirect(url_for("guest_tasks.answer", link_id=link_id), 303)
    if link.graduate_id is not None:
        require_uses(link)
        return card_page(link_id, first_form(db(), link, moment()))
    require_waiting(db(), link)
    return render_template("guests/show.html", **framed(guest_page(db(), link)), errors={})


@bp.post("/guest/<uuid:link_id>/check")
@public
def check(link_id: uuid.UUID) -> Any:
    """The graduate is the one the guest means; then a code goes to the guest's mobile (E03)."""
    link = visits.opened(link_id)
    require_uses(link)
    filled = first_form(db(), link, moment(), request.form)
    if not filled.validate():
        return card_page(link_id, filled), 422
    said = filled.answers
    cards.require_known(db(), link, said["graduate_name"], said["number_end"], address(), moment())
    mobile = guest_proofs.ask_for_code(db(), link, said["contact_mobile"], address(), moment())
    db().commit()
    visits.note(link_id, mobile=mobile, proof="")
    return redirect(url_for("guests.prove", link_id=link_id), 303)


@bp.post("/guest/<uuid:link_id>/code")
@public
def send_code(link_id: uuid.UUID) -> Any:
    """Send a code to the link's mobile, or once more to the one that was typed before."""
    link = visits.opened(link_id)
    require_waiting(db(), link)
    known = visits.visit_of(link_id).get("mobile", "")
    if link.graduate_id is not None and not known:
        return redirect(url_for("guests.show", link_id=link_id), 303)
    mobile = guest_proofs.ask_for_code(db(), link, known, address(), moment())
    db().commit()
    visits.note(link_id, mobile=mobile)
    return redirect(url_for("guests.prove", link_id=link_id), 303)


@bp.route("/guest/<uuid:link_id>/prove", methods=["GET", "POST"])
@public
def prove(link_id: uuid.UUID) -> Any:
    """Type the code that came."""
    link = visits.opened(link_id)
    mobile = visits.visit_of(link_id).get("mobile", "")
    if not mobile:
        return redirect(url_for("guests.show", link_id=link_id), 303)
    if request.method != "POST":
        return prove_page(link_id)
    proof = guest_proofs.prove(
        db(), link, mobile, request.form.get("code", ""), address(), moment()
    )
    if link.graduate_id is not None:
        cards.begin(db(), link, proof, moment())
    db().commit()
    visits.note(link_id, proof=proof.id.hex)
    return redirect(url_for("guest_tasks.answer", link_id=link_id), 303)


@bp.get("/guest/<uuid:link_id>/done")
@public
def done(link_id: uuid.UUID) -> Any:
    """What was done, and who acts next."""
    guest = visits.guest(link_id)
    require_not_overtaken(db(), visits.opened(link_id))
    result = result_of(db(), guest, moment())
    if result is None:
        return redirect(url_for("guests.show", link_id=link_id), 303)
    page = guest_page(db(), visits.opened(link_id))
    return render_template("guests/done.html", **framed(page), result=result)


def prove_page(link_id: uuid.UUID, problem: str = "") -> str:
    link = visits.opened(link_id)
    mobile = visits.visit_of(link_id).get("mobile", "")
    return render_template(
        "guests/prove.html",
        **framed(guest_page(db(), link)),
        sent_to=masked_mobile(mobile),
        errors={"code": problem} if problem else {},
    )


def card_page(link_id: uuid.UUID, form: CompiledForm, problem: CaseError | None = None) -> str:
    page = guest_page(db(), visits.opened(link_id))
    return render_template("guests/card.html", **framed(page), form=form, problem=problem)


def framed(page: GuestPage) -> dict[str, Any]:
    return {"page": page, "house": page.house, "house_phone": page.house_phone}


@bp.errorhandler(NotProved)
def ask_for_proof(error: NotProved) -> Any:
    return redirect(url_for("guests.show", link_id=error.link_id), 303)


@bp.errorhandler(WrongCode)
@bp.errorhandler(CodeExpired)
def ask_again(error: CaseError) -> Any:
    link_id = (request.view_args or {})["link_id"]
    return prove_page(link_id, error.story), error.status


@bp.errorhandler(cards.NotKnown)
def ask_again_who(error: cards.NotKnown) -> Any:
    link_id = (request.view_args or {})["link_id"]
    link = visits.opened(link_id)
    return card_page(link_id, first_form(db(), link, moment(), request.form), error), error.status


@bp.errorhandler(TooManyTries)
def slow_down(error: TooManyTries) -> Any:
    way_out = "没有收到验证码的，请看看是否被手机拦截；号码不对的，请联系毕业生。"
    story = f"请等 {error.spoken}再试。为防有人乱试，这里每次要隔一会儿。"
    return over(error.title, story, way_out), error.status


@bp.errorhandler(CaseError)
def tell(error: CaseError) -> Any:
    return over(error.title, error.story, error.way_out), error.status


def over(title: str, story: str, way_out: str) -> str:
    link_id = (request.view_args or {}).get("link_id")
    phone = phone_behind(db(), link_id) if link_id else ""
    return render_template(
        "guests/over.html", title=title, story=story, way_out=way_out, house_phone=phone
    )
