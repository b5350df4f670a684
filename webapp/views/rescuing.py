"""An admin helps a case that stands still: another step, or other holders."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.models import Case
from webapp.pages.paging import read_key
from webapp.services.cases import rescuing
from webapp.services.cases.cases import find_case

bp = Blueprint("rescuing", __name__, url_prefix="/admin")


@bp.route("/incidents/<uuid:incident_id>/skip", methods=["GET", "POST"])
@for_roles("admin")
def skip(incident_id: uuid.UUID) -> Any:
    """Set a case that failed down at another step, with a reason."""
    incident = rescuing.find_incident(db(), actor(), incident_id)
    if request.method != "POST":
        return skip_page(incident)
    reason = request.form.get("reason", "")
    target = request.form.get("target", "")
    try:
        case = rescuing.skip(db(), actor(), incident_id, target, reason, moment(), address())
    except (rescuing.RescueReasonNeeded, rescuing.SkipRefused) as error:
        db().rollback()
        incident = rescuing.find_incident(db(), actor(), incident_id)
        return skip_page(incident, error.story), error.status
    case_id = case.id
    db().commit()
    flash("已转到指定的步骤", "good")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def skip_page(incident: Any, problem: str = "") -> str:
    case = db().get_one(Case, incident.case_id)
    elements = rescuing.steps_to_choose(db(), case)
    return render_template(
        "admin/skip.html", incident=incident, case=case, elements=elements, problem=problem
    )


@bp.route("/cases/<uuid:case_id>/reassign", methods=["GET", "POST"])
@for_roles("admin")
def reassign(case_id: uuid.UUID) -> Any:
    """Give a waiting review to the other holder of the school, with a reason."""
    case = find_case(db(), actor(), case_id)
    if request.method != "POST":
        return reassign_page(case)
    task_id = read_key(request.form.get("task")) or uuid.UUID(int=0)
    reason = request.form.get("reason", "")
    try:
        rescuing.reassign(db(), actor(), case_id, task_id, reason, moment(), address())
    except (rescuing.RescueReasonNeeded, rescuing.CannotReassign) as error:
        db().rollback()
        return reassign_page(find_case(db(), actor(), case_id), error.story), error.status
    db().commit()
    flash("已改派，新的办理人会收到消息", "good")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def reassign_page(case: Case, problem: str = "") -> str:
    passings = rescuing.passings_of(db(), actor(), case)
    return render_template("admin/reassign.html", case=case, passings=passings, problem=problem)
