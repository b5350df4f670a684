"""Reviewing: the queue, one at a time in three panes, or several at once."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp.access import for_roles
from webapp.current import actor, db, keep_typed, moment
from webapp.models import Task
from webapp.pages.case_page import case_page
from webapp.pages.certifying import credentials_of
from webapp.pages.families import reasons_of
from webapp.pages.papers import papers_of
from webapp.pages.review_edit import may_edit
from webapp.pages.review_page import (
    batch_of,
    families_waiting,
    materials_of,
    next_in_queue,
    results_of,
    review_queue,
    submitted_in,
    unverified_mobile,
)
from webapp.pages.task_form import TaskForm, deciding_node, is_review, task_form
from webapp.pages.work import split_ids
from webapp.services.cases.batches import submit_many
from webapp.services.cases.cases import find_case, submit_task
from webapp.services.cases.tasks import find_task, save_draft
from webapp.services.files.attachments import Attachment, attachments_of

bp = Blueprint("review", __name__, url_prefix="/review")
REVIEWERS = ("reviewer", "office")


@bp.get("")
@for_roles(*REVIEWERS)
def queue() -> str:
    """What waits for review, longest waiting first; rows can be ticked to be decided at once."""
    query = kept_query()
    page = review_queue(db(), actor(), query)
    return render_template(
        "review/queue.html",
        page=page,
        query=query,
        materials=materials_of(db(), page.rows),
        submitted=submitted_in(db(), page.rows),
        families=families_waiting(db(), actor()),
    )


@bp.route("/<uuid:task_id>", methods=["GET", "POST"])
@for_roles(*REVIEWERS)
def show(task_id: uuid.UUID) -> Any:
    """One case: what was submitted, the evidence, the decision."""
    task = find_task(db(), actor(), task_id)
    form = task_form(db(), task, moment(), actor())
    if not is_review(task, form.case) or deciding_node(form.saved().layout) is None:
        return redirect(url_for("tasks.show", task_id=task_id), 303)
    if request.method == "POST":
        return decide(task, form)
    if task.state != "open":
        return redirect(url_for("cases.show", case_id=task.case_id), 303)
    return panes(task, form, form.saved())


def decide(task: Task, form: TaskForm) -> Any:
    """Submit and go on with the next one in the queue."""
    filled = form.fill(request.form)
    keep_typed(filled.labelled)
    if not filled.validate():
        save_draft(db(), actor(), task.id, filled.draft, moment())
        db().commit()
        return panes(task, form, filled), 422
    following = next_in_queue(review_queue(db(), actor(), kept_query()), task.id)
    submit_task(db(), actor(), task.id, filled.answers, filled.recorded, moment())
    db().commit()
    said = next(part["text"] for part in filled.labelled if part["key"] == "outcome")
    flash(f"{task.name}已提交：{said}", "good")
    if following is None:
        return redirect(url_for("review.queue"), 303)
    return redirect(url_for("review.show", task_id=following, **kept_query()), 303)


def panes(task: Task, form: TaskForm, filled: CompiledForm) -> str:
    query = kept_query()
    page = case_page(db(), actor(), form.case, moment())
    waiting = review_queue(db(), actor(), query)
    original = page.rescinding.original
    return render_template(
        "review/show.html",
        task=task,
        form=filled,
        decision=deciding_node(filled.layout),
        page=page,
        queue=waiting,
        query=query,
        following=next_in_queue(waiting, task.id),
        papers=papers_of(db(), actor(), page),
        files=attachments_of(db(), actor(), form.case),
        original_files=files_of_case(original.case_id) if original else [],
        reasons=reasons_of(form.case.family),
        unverified=unverified_mobile(page.case, page.employer),
        credentials=credentials_of(db(), actor(), page.employer, moment()),
        may_edit=may_edit(db(), actor(), task),
    )


def files_of_case(case_id: uuid.UUID) -> list[Attachment]:
    """The papers of the signing that a rescission is about (F18)."""
    return attachments_of(db(), actor(), find_case(db(), actor(), case_id))


@bp.post("/batch")
@for_roles(*REVIEWERS)
def batch() -> Any:
    """Check the ticked rows, then decide them alike; each row tells how it went."""
    task_ids = split_ids(request.form.getlist("task"))
    chosen = batch_of(db(), actor(), task_ids, moment())
    if chosen is None:
        flash("请先勾选要办的事项；已经办完的不用再办", "wait")
        return redirect(url_for("review.queue"), 303)
    filled = chosen.form.fill(request.form if "do" in request.form else None)
    if request.form.get("do") != "confirm" or not filled.validate():
        page = render_template(
            "review/batch.html",
            rows=chosen.rows,
            form=filled,
            decision=deciding_node(filled.layout),
            reasons=reasons_of(chosen.form.case.family),
        )
        return page, 422 if "do" in request.form else 200
    results = submit_many(db(), actor(), task_ids, filled.answers, filled.labelled, moment())
    return render_template("review/results.html", results=results_of(chosen.rows, results))


def kept_query() -> dict[str, Any]:
    """The filters that stay while working through the queue."""
    return {key: value for key in ("q", "family", "before") if (value := request.args.get(key, ""))}
