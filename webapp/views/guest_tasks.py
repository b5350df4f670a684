"""A guest fills in the step behind a link: the same forms, checks and two pages as everybody's."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp import visits
from webapp.access import public
from webapp.current import db, keep_typed, moment
from webapp.errors import CaseError
from webapp.models import Task
from webapp.pages.attaching import Attached, attach
from webapp.pages.guests import (
    guest_form,
    guest_page,
    phone_behind,
    waiting_task,
    with_own_mobile,
)
from webapp.pages.picker import find_picker, picked_form
from webapp.pages.task_form import TaskForm, changed_draft, deciding_node
from webapp.services.accounts.actors import Guest
from webapp.services.agreements import documents
from webapp.services.cases.cases import submit_task
from webapp.services.cases.tasks import save_draft
from webapp.services.files import uploads
from webapp.services.files.uploads import MAX_BYTES, take_back
from webapp.visits import NotProved

bp = Blueprint("guest_tasks", __name__, url_prefix="/guest/<uuid:link_id>")


@bp.after_request
def tell_nobody_whence(answer: Any) -> Any:
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.route("/task", methods=["GET", "POST"])
@public
def answer(link_id: uuid.UUID) -> Any:
    """Fill in, save, check and confirm the guest's step."""
    guest = visits.guest(link_id)
    task = waiting_task(db(), guest)
    if task is None:
        return redirect(url_for("guests.done", link_id=link_id), 303)
    form = guest_form(db(), guest, task, moment())
    if request.method != "POST":
        return fill_page(guest, task, form.saved())
    return take_answers(guest, task, form)


def take_answers(guest: Guest, task: Task, form: TaskForm) -> Any:
    """What was posted, and which button: pick, rows, files, save, back, check or confirm."""
    keep_typed(form.fill(request.form).labelled)
    attached = attach_files(guest, task, form)
    filled = form.fill(values=attached.draft)
    if attached.refused:
        for error in attached.refused:
            flash(error, "bad")
        return show_again(guest, task, filled)
    if "_pick" in request.form:
        return keep(guest, task, filled, "guest_tasks.pick", field=request.form["_pick"])
    act = request.form.get("do", "check")
    if "_row" in request.form or "_drop" in request.form or act in ("save", "back"):
        if act == "save":
            flash("草稿已保存。链接有效期内，从这个链接进来可以接着填", "good")
        return keep(guest, task, filled, "guest_tasks.answer")
    if not filled.validate():
        return show_again(guest, task, filled)
    if act == "confirm":
        return submit(guest, task, filled)
    return check(guest, task, filled)


def attach_files(guest: Guest, task: Task, form: TaskForm) -> Attached:
    """The draft with the files that came along, and without one that a button takes back."""
    files = [
        (name.removesuffix(suffix), file.filename, file.read(MAX_BYTES + 1))
        for suffix in ("__camera", "__album")
        for name, found in request.files.lists()
        for file in found
        if name.endswith(suffix) and file.filename
    ]
    draft = with_own_mobile(guest, changed_draft(form, request.form))
    if "_drop" in request.form:
        take_back(db(), guest, task.id, request.form["_drop"].partition(":")[2])
    return attach(db(), guest, form, draft, files, moment())


def keep(guest: Guest, task: Task, filled: CompiledForm, endpoint: str, **values: Any) -> Any:
    """Save the draft and go on to another page."""
    save_draft(db(), guest, task.id, filled.draft, moment())
    db().commit()
    return redirect(url_for(endpoint, link_id=guest.link_id, **values), 303)


def show_again(guest: Guest, task: Task, filled: CompiledForm) -> Any:
    """The same page with what was typed and what to change; the draft is kept."""
    save_draft(db(), guest, task.id, filled.draft, moment())
    db().commit()
    return fill_page(guest, task, filled), 422


def check(guest: Guest, task: Task, filled: CompiledForm) -> Any:
    """The second page: what will be said, in words, before it binds."""
    save_draft(db(), guest, task.id, filled.draft, moment())
    db().commit()
    return render_template(
        "guests/check.html",
        **framed(guest),
        task=task,
        form=filled,
        decision=deciding_node(filled.layout),
        typed=filled.typed_values(),
    )


def submit(guest: Guest, task: Task, filled: CompiledForm) -> Any:
    submit_task(db(), guest, task.id, filled.answers, filled.labelled, moment())
    db().commit()
    return redirect(url_for("guests.done", link_id=guest.link_id), 303)


def fill_page(guest: Guest, task: Task, filled: CompiledForm) -> str:
    return render_template(
        "guests/fill.html",
        **framed(guest),
        task=task,
        form=filled,
        has_agreement=documents.is_ready_for_guest(db(), guest),
    )


@bp.route("/task/pick/<field>", methods=["GET", "POST"])
@public
def pick(link_id: uuid.UUID, field: str) -> Any:
    """Choose from a code table on a page of its own, and come back with everything kept."""
    guest = visits.guest(link_id)
    task = waiting_task(db(), guest)
    if task is None:
        return redirect(url_for("guests.done", link_id=link_id), 303)
    form = guest_form(db(), guest, task, moment())
    if request.method == "POST":
        filled = picked_form(form, field, request.form.get("code", ""))
        return keep(guest, task, filled, "guest_tasks.answer", _anchor=field)
    picker = find_picker(form, field, request.args.get("q", ""), request.args.get("within", ""))
    return render_template("guests/pick.html", **framed(guest), field=field, picker=picker)


@bp.get("/agreement.pdf")
@public
def agreement(link_id: uuid.UUID) -> Response:
    """The agreement to print and seal (J15)."""
    found = documents.for_guest(db(), visits.guest(link_id))
    return send(found.content, found.filename, "application/pdf")


@bp.get("/uploads/<uuid:upload_id>")
@public
def upload(link_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """A file that was attached to the guest's own step."""
    found, content = uploads.read(db(), visits.guest(link_id), upload_id)
    return send(content, found.filename, found.content_type)


def send(content: bytes, filename: str, kind: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(filename)}"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return answer


def framed(guest: Guest) -> dict[str, Any]:
    page = guest_page(db(), visits.opened(guest.link_id))
    return {"page": page, "house": page.house, "house_phone": page.house_phone}


@bp.errorhandler(NotProved)
def ask_for_proof(error: NotProved) -> Any:
    return redirect(url_for("guests.show", link_id=error.link_id), 303)


@bp.errorhandler(CaseError)
def tell(error: CaseError) -> Any:
    page = render_template(
        "guests/over.html",
        title=error.title,
        story=error.story,
        way_out=error.way_out,
        house_phone=phone_behind(db(), (request.view_args or {})["link_id"]),
    )
    return page, error.status
