"""An employer about itself: how far it is verified, its letter, its manager and members."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from forms.patterns import PATTERNS
from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.errors import CaseError
from webapp.pages.certifying import standing_of
from webapp.services.cases.tasks import open_tasks
from webapp.services.employers.certifying import begin
from webapp.services.employers.letters import letter_pdf
from webapp.services.employers.managers import AlreadyMember, add_member, end_member

bp = Blueprint("certification", __name__, url_prefix="/certification")


@bp.get("")
@for_roles("employer")
def show() -> str:
    """The level, what it is good for, what runs, and who acts for the employer (A09, A17)."""
    return page({})


@bp.post("")
@for_roles("employer")
def start() -> Any:
    """Begin at the chosen school, or go on with what runs there (A10)."""
    family, _, variant = request.form.get("what", "").partition("/")
    if not request.form.get("school"):
        return page({"school": "请选择向哪所学校申请"}), 422
    employer_id = actor().employer_id or uuid.UUID(int=0)
    school = request.form["school"]
    case_id = begin(db(), actor(), school, family, variant, employer_id, moment())
    db().commit()
    own = [task for task in open_tasks(db(), case_id) if task.queue in actor().queues]
    if own:
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<uuid:case_id>/letter.pdf")
@for_roles("employer")
def letter(case_id: uuid.UUID) -> Response:
    """The letter to sign and seal, filled in (A11)."""
    answer = Response(letter_pdf(db(), actor(), case_id, moment()), mimetype="application/pdf")
    name = quote("帐号认证申请公函.pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@bp.post("/members")
@for_roles("employer")
def add() -> Any:
    """The manager lets a colleague act for the employer."""
    name, mobile = request.form.get("name", "").strip(), request.form.get("mobile", "").strip()
    errors = faults_of(name, mobile)
    if errors:
        return page(errors), 422
    add_member(db(), actor(), name, mobile, moment(), address())
    db().commit()
    flash(f"已添加{name}，第一次用的会收到激活码短信", "good")
    return redirect(url_for("certification.show", _anchor="members"), 303)


@bp.post("/members/<uuid:membership_id>/end")
@for_roles("employer")
def end(membership_id: uuid.UUID) -> Any:
    """The manager ends a colleague's right."""
    end_member(db(), actor(), membership_id, moment(), address())
    db().commit()
    flash("已移除，对方不能再代表本单位", "good")
    return redirect(url_for("certification.show", _anchor="members"), 303)


@bp.errorhandler(AlreadyMember)
def refuse(error: CaseError) -> Any:
    return page({"mobile": f"{error.story}{error.way_out}"}), error.status


def faults_of(name: str, mobile: str) -> dict[str, str]:
    errors = {}
    if not 2 <= len(name) <= 50:
        errors["name"] = "请填写姓名，2 到 50 个字"
    if fault := PATTERNS["mobile"].fault("手机号", mobile):
        errors["mobile"] = fault
    return errors


def page(errors: dict[str, str]) -> str:
    typed = {key: request.form.get(key, "") for key in ("name", "mobile", "school")}
    return render_template(
        "certification/show.html",
        standing=standing_of(db(), actor(), moment()),
        errors=errors,
        typed=typed,
    )
