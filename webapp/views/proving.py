"""A mobile in a form is proved on a page of its own: send a code, type it, come back to the form.

What was typed in the form is kept as its draft before, so nothing is lost on the way.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.drafts import put_mobile
from webapp.access import logged_in
from webapp.current import actor, address, db, moment
from webapp.errors import NotYours
from webapp.models import Task
from webapp.pages.task_form import TaskForm, task_form
from webapp.services.accounts.codes import CodeExpired, NotAMobile, SentJustNow, WrongCode
from webapp.services.accounts.throttles import TooManyTries
from webapp.services.cases.mobile_proofs import prove_mobile, require_waiting, send_proof_code
from webapp.services.cases.tasks import find_task, save_draft

bp = Blueprint("proving", __name__, url_prefix="/tasks/<uuid:task_id>/mobile/<field>")


@dataclass(frozen=True)
class Asked:
    """The waiting form's field that asks for a proved mobile."""

    task: Task
    form: TaskForm
    label: str
    typed: str


def asked(task_id: uuid.UUID, field: str) -> Asked:
    """Raises NotYours for a stranger's task and for a field that asks for no proof."""
    task = find_task(db(), actor(), task_id)
    require_waiting(db(), task)
    form = task_form(db(), task, moment())
    known = form.saved().own_fields.get(field)
    if known is None or not getattr(known, "can_be_proved", False):
        raise NotYours
    return Asked(task, form, known.component.label, known.typed)


@bp.get("")
@logged_in
def show(task_id: uuid.UUID, field: str) -> str:
    """The number as it was typed, and where the code goes once it was sent."""
    return page(asked(task_id, field), field, {})


@bp.post("/code")
@logged_in
def send_code(task_id: uuid.UUID, field: str) -> Any:
    """Send a code to the number, which becomes the form's."""
    one = asked(task_id, field)
    typed = request.form.get("mobile", "")
    try:
        mobile = send_proof_code(db(), actor(), one.task, typed, address(), moment())
    except (NotAMobile, SentJustNow) as error:
        return page(one, field, {"mobile": f"{error.story}{error.way_out}"}), error.status
    keep(one, field, mobile)
    db().commit()
    flash("验证码已发送，5 分钟内有效", "good")
    return redirect(url_for("proving.show", task_id=task_id, field=field, sent=1), 303)


@bp.post("")
@logged_in
def prove(task_id: uuid.UUID, field: str) -> Any:
    """Type the code that came, and go back to the form."""
    one = asked(task_id, field)
    given = request.form.get("mobile", ""), request.form.get("code", "")
    try:
        mobile = prove_mobile(db(), actor(), one.task, *given, address(), moment())
    except (NotAMobile, WrongCode, CodeExpired) as error:
        return page(one, field, {"code": error.story}), error.status
    except TooManyTries as error:
        return page(one, field, {"code": f"试得太多了，请等 {error.spoken}再试。"}), error.status
    keep(one, field, mobile)
    db().commit()
    flash("手机号已核验", "good")
    return redirect(url_for("tasks.answer", task_id=task_id, _anchor=field), 303)


def keep(one: Asked, field: str, mobile: str) -> None:
    """The number stands in the form's draft, whatever stood there before."""
    draft = put_mobile(one.form.definition, one.form.saved().draft, field, mobile)
    save_draft(db(), actor(), one.task.id, draft, moment())


def page(one: Asked, field: str, errors: dict[str, str]) -> str:
    posted = request.method == "POST"
    return render_template(
        "tasks/prove.html",
        task=one.task,
        field=field,
        label=one.label,
        mobile=request.form.get("mobile", "") if posted else one.typed,
        is_sent="sent" in request.args or (posted and "mobile" not in errors),
        errors=errors,
    )
