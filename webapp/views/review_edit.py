"""Changing what a graduate registered while reviewing it: fill, see what differs, confirm (M07)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.models import Case, Task
from webapp.pages.case_page import case_page
from webapp.pages.picker import find_picker
from webapp.pages.review_edit import (
    ReviewEdit,
    Typed,
    attach_files,
    review_edit,
    with_code,
    without_file,
)
from webapp.services.cases.tasks import find_task, require_open, save_draft
from webapp.services.files.uploads import MAX_BYTES
from webapp.services.reviewing.review_edits import change

bp = Blueprint("review_edit", __name__, url_prefix="/review")
REVIEWERS = ("reviewer", "office")
DRAFT = "edit"


@bp.route("/<uuid:task_id>/edit", methods=["GET", "POST"])
@for_roles(*REVIEWERS)
def show(task_id: uuid.UUID) -> Any:
    """The registration's own forms in one, with what was registered in them."""
    task = find_task(db(), actor(), task_id)
    require_open(db(), task)
    if request.method == "POST":
        return take(task)
    return fill_page(task, page_of(task, kept(task)))


def take(task: Task) -> Any:
    """What was posted, and which button: files, pick, another type, check or confirm."""
    typed, refused = with_files(task, page_of(task, posted()))
    page = page_of(task, typed)
    if "_pick" in request.form:
        keep(task, page)
        return redirect(
            url_for("review_edit.pick", task_id=task.id, field=request.form["_pick"]), 303
        )
    for story in refused:
        flash(story, "bad")
    act = request.form.get("do", "show")
    if refused or "_drop" in request.form or act == "show":
        db().commit()
        return fill_page(task, page)
    if not page.validate():
        db().commit()
        return fill_page(task, page), 422
    if not page.changes:
        flash("没有改动，未提交。", "wait")
        return fill_page(task, page)
    if act == "confirm":
        return confirm(task, page)
    db().commit()
    return render_template(
        "review/edit_check.html",
        task=task,
        edit=page,
        version=request.form.get("version", ""),
        page=case_page(db(), actor(), case_of(task), moment()),
    )


def confirm(task: Task, page: ReviewEdit) -> Any:
    version = request.form.get("version", type=int) or 0
    edits = [step.edit for step in page.steps]
    change(db(), actor(), task.id, edits, version, moment())
    save_draft(db(), actor(), task.id, {}, moment())
    db().commit()
    flash("已修改，毕业生会收到通知", "good")
    return redirect(url_for("review.show", task_id=task.id), 303)


def page_of(task: Task, typed: Typed | None) -> ReviewEdit:
    return review_edit(db(), actor(), task, typed, moment())


def posted() -> dict[str, list[str]]:
    return {name: request.form.getlist(name) for name in request.form}


def with_files(task: Task, page: ReviewEdit) -> tuple[Typed, list[str]]:
    """What is typed with the files that came along, and without one that a button takes away."""
    if "_drop" in request.form:
        return {**posted(), **without_file(page, request.form["_drop"])}, []
    files = [
        (name.removesuffix(suffix), file.filename, file.read(MAX_BYTES + 1))
        for suffix in ("__camera", "__album")
        for name, found in request.files.lists()
        for file in found
        if name.endswith(suffix) and file.filename
    ]
    typed, refused = attach_files(db(), actor(), task, page, files, moment())
    return {**posted(), **typed}, refused


def kept(task: Task) -> Typed | None:
    """What was typed before a code was looked up."""
    draft: Typed | None = (task.draft or {}).get(DRAFT)
    return draft


def keep(task: Task, page: ReviewEdit) -> None:
    draft = {**(task.draft or {}), DRAFT: page.typed}
    save_draft(db(), actor(), task.id, draft, moment())
    db().commit()


def case_of(task: Task) -> Case:
    return db().get_one(Case, task.case_id)


def fill_page(task: Task, page: ReviewEdit) -> str:
    case = case_of(task)
    return render_template(
        "review/edit.html",
        task=task,
        edit=page,
        version=request.form.get("version") or case.version,
        page=case_page(db(), actor(), case, moment()),
    )


@bp.route("/<uuid:task_id>/edit/pick/<field>", methods=["GET", "POST"])
@for_roles(*REVIEWERS)
def pick(task_id: uuid.UUID, field: str) -> Any:
    """Choose from a code table and come back with everything kept."""
    task = find_task(db(), actor(), task_id)
    require_open(db(), task)
    page = page_of(task, kept(task))
    step = page.step_with(field)
    if request.method == "POST":
        typed = with_code(page, field, request.form.get("code", ""))
        keep(task, page_of(task, typed))
        return redirect(url_for("review_edit.show", task_id=task_id, _anchor=field), 303)
    picker = find_picker(
        step.form, field, request.args.get("q", ""), request.args.get("within", "")
    )
    return render_template(
        "tasks/pick.html",
        picker=picker,
        here=("review_edit.pick", {"task_id": task_id, "field": field}),
        back=url_for("review_edit.show", task_id=task_id),
    )
