"""A task: read it, fill it in, check, confirm. A binding act takes two pages.

Every submit keeps a draft, also one that fails.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp.access import logged_in
from webapp.current import actor, db, keep_typed, moment
from webapp.models import Task
from webapp.pages.attaching import Attached
from webapp.pages.case_page import case_page
from webapp.pages.changes import changes_of
from webapp.pages.picker import find_picker, picked_form
from webapp.pages.receiving import receive
from webapp.pages.task_form import (
    TaskForm,
    changed_draft,
    deciding_node,
    is_nothing_to_fill,
    is_one_decision,
    is_review,
    task_form,
)
from webapp.services.cases.cases import submit_task
from webapp.services.cases.drafts import keep_draft, mark_of
from webapp.services.cases.history import was_refused
from webapp.services.cases.separation import must_leave
from webapp.services.cases.tasks import find_task, open_tasks, save_draft
from webapp.services.files.attachments import attachments_of

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<uuid:task_id>")
@logged_in
def show(task_id: uuid.UUID) -> Any:
    """Where this task begins: the offer to read, the form to fill, or what became of it."""
    task = find_task(db(), actor(), task_id)
    if task.state != "open":
        return redirect(url_for("cases.show", case_id=task.case_id), 303)
    form = task_form(db(), task, moment())
    filled = form.saved()
    if is_review(task, form.case) and deciding_node(filled.layout):
        return redirect(url_for("review.show", task_id=task_id), 303)
    if is_nothing_to_fill(filled):
        return done_page(task, form, filled)
    if not is_one_decision(filled):
        return redirect(url_for("tasks.answer", task_id=task_id), 303)
    return read_page(task, form)


@bp.route("/<uuid:task_id>/answer", methods=["GET", "POST"])
@logged_in
def answer(task_id: uuid.UUID) -> Any:
    """Fill in, save, check and confirm."""
    task = find_task(db(), actor(), task_id)
    form = task_form(db(), task, moment())
    if request.method != "POST":
        return begin(task, form)
    return take_answers(task, form)


@bp.post("/<uuid:task_id>/draft")
@logged_in
def draft(task_id: uuid.UUID) -> Any:
    """What a page keeps by itself while somebody types."""
    task = find_task(db(), actor(), task_id)
    form = task_form(db(), task, moment())
    form.require_answerable()
    filled = form.fill(values=changed_draft(form, request.form))
    mark = request.form.get("_mark", "")
    mark = keep_draft(db(), actor(), task_id, filled.draft, mark, moment())
    db().commit()
    return {"mark": mark}


def begin(task: Task, form: TaskForm) -> Any:
    if task.state != "open":
        return redirect(url_for("cases.show", case_id=task.case_id), 303)
    filled = form.saved()
    if is_one_decision(filled):
        no_choice = (
            form.is_only_to_read or is_nothing_to_fill(filled) or must_leave(db(), actor(), task)
        )
        if no_choice or "outcome" not in request.args:
            return redirect(url_for("tasks.show", task_id=task.id), 303)
        filled = form.fill(values={"outcome": request.args["outcome"]})
        return decide_page(task, form, filled)
    return fill_page(task, form, filled)


def take_answers(task: Task, form: TaskForm) -> Any:
    """What was posted, and which button: pick, prove, rows, files, save, back, check or confirm."""
    keep_typed(form.fill(request.form).labelled)
    form.require_answerable()
    attached = attach_files(form)
    filled = form.fill(values=attached.draft)
    if attached.refused:
        for error in attached.refused:
            flash(error, "bad")
        return show_again(task, form, filled)
    if "_row" in request.form or "_drop" in request.form:
        return keep(task, filled, "tasks.answer")
    if "_pick" in request.form:
        return keep(task, filled, "tasks.pick", field=request.form["_pick"])
    if "_prove" in request.form:
        return keep(task, filled, "proving.show", field=request.form["_prove"])
    act = request.form.get("do", "check")
    if act == "save":
        flash("草稿已保存", "good")
        return keep(task, filled, "tasks.answer")
    if act == "back":
        return keep(task, filled, "tasks.answer")
    if not filled.validate():
        return show_again(task, form, filled)
    if act == "confirm":
        return submit(task, filled)
    return check(task, form, filled)


def attach_files(form: TaskForm) -> Attached:
    """The draft with the files that came along, and without one that a button takes back."""
    return receive(db(), actor(), form, request.form, request.files, moment())


def keep(task: Task, filled: CompiledForm, endpoint: str, **values: Any) -> Any:
    """Save the draft and go on to another page."""
    save_draft(db(), actor(), task.id, filled.draft, moment())
    db().commit()
    return redirect(url_for(endpoint, task_id=task.id, **values), 303)


def show_again(task: Task, form: TaskForm, filled: CompiledForm) -> Any:
    """The same page with what was typed and what to change; the draft is kept."""
    save_draft(db(), actor(), task.id, filled.draft, moment())
    db().commit()
    page = decide_page if is_one_decision(filled) else fill_page
    return page(task, form, filled), 422


def check(task: Task, form: TaskForm, filled: CompiledForm) -> Any:
    """The second page: what will be said, in words, before it binds."""
    save_draft(db(), actor(), task.id, filled.draft, moment())
    db().commit()
    return render_template(
        "tasks/check.html",
        task=task,
        form=filled,
        decision=deciding_node(filled.layout),
        typed=filled.typed_values(),
        changes=changes_of(form, filled),
        page=case_page(db(), actor(), form.case, moment()),
    )


def submit(task: Task, filled: CompiledForm) -> Any:
    case = submit_task(db(), actor(), task.id, filled.answers, filled.recorded, moment())
    db().commit()
    own = [one for one in open_tasks(db(), case.id) if one.queue in actor().queues]
    again = next((one for one in own if one.element == task.element), None)
    if again and was_refused(db(), case.id):
        flash("没有提交成功，原因写在下面，填写的内容都在", "bad")
        return redirect(url_for("tasks.show", task_id=again.id), 303)
    if own and case.status == "drafting":
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    said = next((part["text"] for part in filled.labelled if part["key"] == "outcome"), "")
    flash(f"已提交“{task.name}”{'：' + said if said else ''}", "good")
    if own:  # the next step is this person's too
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    return redirect(url_for("cases.show", case_id=case.id), 303)


def read_page(task: Task, form: TaskForm) -> str:
    filled = form.fill(values={})
    return render_template(
        "tasks/read.html",
        task=task,
        form=filled,
        only_to_read=form.is_only_to_read,
        must_leave=must_leave(db(), actor(), task),
        decision=deciding_node(filled.layout),
        page=case_page(db(), actor(), form.case, moment()),
        files=attachments_of(db(), actor(), form.case),
    )


def done_page(task: Task, form: TaskForm, filled: CompiledForm) -> str:
    """A step that asks for no answer but that it is done."""
    return render_template(
        "tasks/done.html",
        task=task,
        form=filled,
        only_to_read=form.is_only_to_read,
        page=case_page(db(), actor(), form.case, moment()),
    )


def decide_page(task: Task, form: TaskForm, filled: CompiledForm) -> str:
    """The decision that was clicked on the page before, to check and confirm."""
    return render_template(
        "tasks/decide.html",
        task=task,
        form=filled,
        decision=deciding_node(filled.layout),
        page=case_page(db(), actor(), form.case, moment()),
    )


def fill_page(task: Task, form: TaskForm, filled: CompiledForm) -> str:
    page = case_page(db(), actor(), form.case, moment())
    mark = mark_of(task.draft)
    return render_template("tasks/fill.html", task=task, form=filled, page=page, mark=mark)


@bp.route("/<uuid:task_id>/pick/<field>", methods=["GET", "POST"])
@logged_in
def pick(task_id: uuid.UUID, field: str) -> Any:
    """Choose from a code table on a page of its own, and come back with everything kept."""
    task = find_task(db(), actor(), task_id)
    form = task_form(db(), task, moment())
    if request.method == "POST":
        filled = picked_form(form, field, request.form.get("code", ""))
        return keep(task, filled, "tasks.answer", _anchor=field)
    picker = find_picker(form, field, request.args.get("q", ""), request.args.get("within", ""))
    return render_template(
        "tasks/pick.html",
        picker=picker,
        back=url_for("tasks.answer", task_id=task.id),
        here=("tasks.pick", {"task_id": task.id, "field": field}),
    )
