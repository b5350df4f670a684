"""An employer begins an invitation by naming exactly one graduate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.errors import CaseError
from webapp.pages.schools import known_schools
from webapp.services.accounts.throttles import Limit, TooManyTries
from webapp.services.cases.tasks import open_tasks
from webapp.services.employers.levels import NotVerifiedEnough
from webapp.services.signing.invitations import NoSuchGraduate, invite

bp = Blueprint("invitations", __name__, url_prefix="/invitations")
LOOKUPS = Limit(20, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))
FIELDS = {
    "school": "请选择学校",
    "name": "请填写毕业生姓名",
    "student_no": "请填写学号",
}


@bp.route("/new", methods=["GET", "POST"])
@for_roles("employer")
def start() -> Any:
    """School, name and number of the graduate; then the invitation to fill in."""
    if request.method != "POST":
        return start_page({})
    missing = {key: text for key, text in FIELDS.items() if not request.form.get(key, "").strip()}
    if missing:
        return start_page(missing), 422
    school, name, student_no = (request.form[key] for key in FIELDS)
    case = invite(db(), actor(), school, name, student_no, LOOKUPS, moment())
    db().commit()
    own = [task for task in open_tasks(db(), case.id) if task.queue in actor().queues]
    return redirect(url_for("tasks.answer", task_id=own[0].id), 303)


@bp.errorhandler(NoSuchGraduate)
@bp.errorhandler(TooManyTries)
def refuse(error: CaseError) -> Any:
    return start_page({"student_no": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(NotVerifiedEnough)
def ask_to_certify(error: CaseError) -> Any:
    return start_page({"school": error.story}, must_certify=True), error.status


def start_page(errors: dict[str, str], must_certify: bool = False) -> str:
    typed = {key: request.form.get(key, "") for key in FIELDS}
    return render_template(
        "invitations/start.html",
        errors=errors,
        typed=typed,
        schools=known_schools(db()),
        must_certify=must_certify,
    )
