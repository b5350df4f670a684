"""An employer's signings: whom to sign with, several at once, what is signed, and direct entry."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp.access import for_roles
from webapp.current import actor, db, keep_typed, moment
from webapp.errors import CaseError, NotYours
from webapp.models import School
from webapp.pages.picker import find_picker, picked_form
from webapp.pages.review_page import results_of
from webapp.pages.signing_desk import (
    SeveralToSign,
    list_page,
    notices_to_read,
    several_to_sign,
    terms_form,
    waiting_page,
)
from webapp.pages.work import split_ids
from webapp.services.accounts.throttles import Limit, TooManyTries
from webapp.services.cases.batches import submit_many
from webapp.services.cases.tasks import open_tasks, save_draft
from webapp.services.signing import direct_entry
from webapp.services.signing.direct_entry import NobodyLikeThat, schools_that_offer

bp = Blueprint("signing", __name__, url_prefix="/signing")
LOOKUPS = Limit(20, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))
STUDENT, DIRECT = "student_initiated", "employer_direct"
FIELDS = {
    "school": "请选择学校",
    "name": "请填写毕业生姓名",
    "number": "请填写学号或身份证号后 6 位",
}


@bp.get("/waiting")
@for_roles("employer")
def waiting() -> str:
    """待签约信息: search, sign one, or tick several (G08, G09)."""
    query = request.args.to_dict()
    page = waiting_page(db(), actor(), query)
    return render_template("signing/waiting.html", page=page, query=query)


@bp.get("/confirming")
@for_roles("employer")
def confirming() -> str:
    """Signed by us, not yet confirmed by the graduate: may still be taken back (G14)."""
    return list_of("confirming")


@bp.get("/signed")
@for_roles("employer")
def signed() -> str:
    """已签约信息 (G16)."""
    return list_of("signed")


@bp.get("/records")
@for_roles("employer")
def records() -> str:
    """签约记录: every signing, with its state (D03)."""
    return list_of("records")


def list_of(tab: str) -> str:
    query = request.args.to_dict()
    page = list_page(db(), actor(), tab, query)
    return render_template("signing/list.html", page=page, query=query, tab=tab)


@bp.get("/notice")
@for_roles("graduate", "employer")
def notice() -> str:
    """签约须知 and 违约说明: of the own school, or of every school that signs this way."""
    school = db().get(School, actor().school_id) if actor().school_id else None
    schools = [school] if school else schools_that_offer(db(), STUDENT)
    return render_template("signing/notice.html", notices=notices_to_read(schools))


@bp.route("/batch", methods=["GET", "POST"])
@for_roles("employer")
def batch() -> Any:
    """批量签约: one set of terms for the ticked, checked on a second page, told row by row (G15)."""
    several = ticked()
    if several is None:
        return nobody_to_sign()
    if request.method != "POST":
        return terms_page(several, terms_form(several))
    filled = several.form.fill(request.form)
    keep_typed(filled.labelled)
    if "_pick" in request.form:
        keep(several, filled)
        field = request.form["_pick"]
        return redirect(url_for("signing.pick", field=field, task=hexes(several)), 303)
    if request.form.get("do") == "back":
        keep(several, filled)
        return redirect(url_for("signing.batch", task=hexes(several)), 303)
    if not filled.validate():
        keep(several, filled)
        return terms_page(several, filled), 422
    if request.form.get("do") != "confirm":
        keep(several, filled)
        return render_template(
            "signing/check.html", several=several, form=filled, typed=filled.typed_values()
        )
    results = submit_many(db(), actor(), several.ids, filled.answers, filled.labelled, moment())
    return render_template("signing/results.html", results=results_of(several.rows, results))


@bp.route("/batch/pick/<field>", methods=["GET", "POST"])
@for_roles("employer")
def pick(field: str) -> Any:
    """Choose from a code table for all of them, and come back with everything kept."""
    several = ticked()
    if several is None:
        return nobody_to_sign()
    if request.method == "POST":
        keep(several, picked_form(several.form, field, request.form.get("code", "")))
        return redirect(url_for("signing.batch", task=hexes(several), _anchor=field), 303)
    picker = find_picker(
        several.form, field, request.args.get("q", ""), request.args.get("within", "")
    )
    return render_template(
        "tasks/pick.html",
        picker=picker,
        back=url_for("signing.batch", task=hexes(several)),
        here=("signing.pick", {"field": field, "task": hexes(several)}),
    )


def ticked() -> SeveralToSign | None:
    ids = split_ids(request.values.getlist("task"))
    return several_to_sign(db(), actor(), ids, moment())


def nobody_to_sign() -> Any:
    flash("请先勾选要一起签约的毕业生；有异议或须重新签约的，请单独办理", "wait")
    return redirect(url_for("signing.waiting"), 303)


def hexes(several: SeveralToSign) -> list[str]:
    return [one.hex for one in several.ids]


def keep(several: SeveralToSign, filled: CompiledForm) -> None:
    """What was typed stays with the first of them, as if that one were being filled in."""
    first: uuid.UUID = several.ids[0]
    save_draft(db(), actor(), first, filled.draft, moment())
    db().commit()


def terms_page(several: SeveralToSign, filled: CompiledForm) -> str:
    return render_template("signing/batch.html", several=several, form=filled)


@bp.route("/direct", methods=["GET", "POST"])
@for_roles("employer")
def direct() -> Any:
    """签约管理: name the graduate exactly, then fill in the signing (D01, D02)."""
    if request.method != "POST":
        return direct_page({})
    missing = {key: text for key, text in FIELDS.items() if not request.form.get(key, "").strip()}
    if missing:
        return direct_page(missing), 422
    school, name, number = (request.form[key] for key in FIELDS)
    case = direct_entry.enter(db(), actor(), school, name, number, LOOKUPS, moment())
    db().commit()
    own = [task for task in open_tasks(db(), case.id) if task.queue in actor().queues]
    if not own:
        raise NotYours
    return redirect(url_for("tasks.answer", task_id=own[0].id), 303)


@bp.errorhandler(NobodyLikeThat)
@bp.errorhandler(TooManyTries)
def refuse(error: CaseError) -> Any:
    return direct_page({"number": f"{error.story}{error.way_out}"}), error.status


def direct_page(errors: dict[str, str]) -> str:
    typed = {key: request.form.get(key, "") for key in FIELDS}
    schools = schools_that_offer(db(), DIRECT)
    return render_template("signing/direct.html", errors=errors, typed=typed, schools=schools)
