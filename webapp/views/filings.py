"""网上签约备案: find one agreement by a number, see its sealed copy, file it (G27, G28)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp.access import for_roles
from webapp.current import actor, db, keep_typed, moment
from webapp.errors import NotYours
from webapp.models import Task
from webapp.pages.filing_desk import desk_of, told_of
from webapp.pages.receiving import receive
from webapp.pages.task_form import TaskForm, task_form
from webapp.services.agreements.filing_search import FORM, look_up, numbers_of
from webapp.services.cases.cases import submit_task
from webapp.services.cases.tasks import find_task, save_draft

bp = Blueprint("filings", __name__, url_prefix="/filings")


@bp.get("")
@for_roles("reviewer")
def index() -> Any:
    """One field for a student number or an agreement number, typed or scanned."""
    query = request.args.to_dict()
    text = query.get("q", "").strip()
    found = look_up(db(), actor(), text) if text else None
    if found and found.task_id:
        return redirect(url_for("filings.show", task_id=found.task_id), 303)
    desk = desk_of(db(), actor(), query)
    told = told_of(found, text)
    return render_template("filings/index.html", desk=desk, query=query, found=found, told=told)


@bp.route("/<uuid:task_id>", methods=["GET", "POST"])
@for_roles("reviewer")
def show(task_id: uuid.UUID) -> Any:
    """The agreement, what must be seen, and 备案."""
    task = find_task(db(), actor(), task_id)
    if task.form != FORM:
        raise NotYours
    if task.state != "open" and request.method != "POST":
        return redirect(url_for("cases.show", case_id=task.case_id), 303)
    form = task_form(db(), task, moment())
    if request.method != "POST":
        return page(task, form, form.saved())
    return file(task, form)


def file(task: Task, form: TaskForm) -> Any:
    """Take files and ticks; 备案 only with everything in order, else the page comes back."""
    filled = form.fill(request.form)
    keep_typed(filled.labelled)
    attached = receive(db(), actor(), form, request.form, request.files, moment())
    filled = form.fill(values=attached.draft)
    for error in attached.refused:
        flash(error, "bad")
    only_files = "_drop" in request.form or request.form.get("do") == "save"
    if only_files or attached.refused or not filled.validate():
        save_draft(db(), actor(), task.id, filled.draft, moment())
        db().commit()
        return page(task, form, filled), 200 if only_files and not attached.refused else 422
    case = submit_task(db(), actor(), task.id, filled.answers, filled.labelled, moment())
    db().commit()
    if case.status == "filed":
        flash(f"{case.title.rpartition(' · ')[2]}的就业协议已备案", "good")
        return redirect(url_for("filings.index"), 303)
    flash("没有备案：协议已不在有效状态", "bad")
    return redirect(url_for("cases.show", case_id=case.id), 303)


def page(task: Task, form: TaskForm, filled: CompiledForm) -> str:
    number = numbers_of(db(), [form.case.id])[form.case.id].number
    return render_template("filings/show.html", task=task, form=filled, number=number)
