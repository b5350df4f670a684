"""A graduate's search for work: open posts, the own résumé, sending it, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from forms.compiler import CompiledForm
from webapp.access import for_roles
from webapp.current import actor, db, keep_typed, moment
from webapp.errors import NotYours
from webapp.models import Post
from webapp.pages.paging import read_key
from webapp.pages.recruiting import (
    categories,
    list_notices,
    list_open_posts,
    list_sent,
    post_page,
)
from webapp.pages.resume_form import (
    ResumeForm,
    Sending,
    attach,
    changed,
    resume_form,
    sending,
)
from webapp.services.files.uploads import MAX_BYTES
from webapp.services.recruiting import applications, posts, resumes

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@for_roles("graduate")
def index() -> str:
    """The posts that take résumés, by words and category."""
    require_offered()
    query = request.args.to_dict()
    return render_template(
        "recruiting/jobs.html",
        page=list_open_posts(db(), moment(), query),
        categories=categories(),
        query=query,
    )


@bp.get("/jobs/<uuid:post_id>")
@for_roles("graduate")
def show(post_id: uuid.UUID) -> str:
    """One post, and whether a résumé can be sent to it."""
    post = posts.find_for_graduate(db(), actor(), post_id)
    page = post_page(db(), actor(), post, moment())
    way = (posts.FAMILY, posts.VARIANT)
    return render_template("recruiting/job.html", page=page, way=way)


@bp.route("/jobs/<uuid:post_id>/apply", methods=["GET", "POST"])
@for_roles("graduate")
def apply(post_id: uuid.UUID) -> Any:
    """Read what the employer will see, then agree and send (C02, C11)."""
    post = posts.find_for_graduate(db(), actor(), post_id)
    if resumes.resume_of(db(), actor()) is None:
        flash("先填好简历，再投递", "wait")
        return redirect(url_for("jobs.resume", post=post_id), 303)
    posts.require_open(db(), post, moment())
    applications.require_ready(db(), actor(), post)
    told = sending(db(), actor(), post, moment(), request.form or None)
    if request.method != "POST":
        return apply_page(post, told)
    form = told.form
    keep_typed(form.labelled)
    if not form.validate():
        return apply_page(post, told), 422
    case = applications.send(db(), actor(), post, form.answers, form.labelled, moment())
    db().commit()
    flash("简历已投递，有结果会在“消息”里告诉您", "good")
    return redirect(url_for("cases.show", case_id=case.id), 303)


@bp.get("/applications")
@for_roles("graduate")
def sent() -> str:
    """What I sent, when, and what became of it (我的投递)."""
    query = request.args.to_dict()
    return render_template("recruiting/sent.html", page=list_sent(db(), actor(), query))


@bp.get("/applications/notices")
@for_roles("graduate")
def notices() -> str:
    """The notices of interview and signing: sender, words, last day (N05)."""
    query = request.args.to_dict()
    return render_template("recruiting/notices.html", page=list_notices(db(), actor(), query))


@bp.route("/resume", methods=["GET", "POST"])
@for_roles("graduate")
def resume() -> Any:
    """The own résumé; education comes from the register."""
    require_offered()
    form = resume_form(db(), actor(), moment())
    if request.method == "POST":
        return take_resume(form)
    kept = resumes.resume_of(db(), actor())
    return resume_page(form.fill(values=kept.content if kept else {}))


def take_resume(form: ResumeForm) -> Any:
    """What was posted, and which button: rows, files or save. What was typed comes back."""
    keep_typed(form.fill(request.form).labelled)
    draft, refused = attach(
        db(), actor(), form, changed(form, request.form), posted_files(), moment()
    )
    db().commit()
    filled = form.fill(values=draft)
    for story in refused:
        flash(story, "bad")
    if refused or "_row" in request.form or "_drop" in request.form:
        return resume_page(filled), 422 if refused else 200
    if not filled.validate():
        return resume_page(filled), 422
    resumes.save(db(), actor(), filled.answers, moment())
    db().commit()
    flash("简历已保存", "good")
    if post_id := read_key(request.args.get("post")):
        return redirect(url_for("jobs.apply", post_id=post_id), 303)
    return redirect(url_for("jobs.resume"), 303)


def posted_files() -> list[tuple[str, str, bytes]]:
    return [
        (name.removesuffix(suffix), file.filename, file.read(MAX_BYTES + 1))
        for suffix in ("__camera", "__album")
        for name, found in request.files.lists()
        for file in found
        if name.endswith(suffix) and file.filename
    ]


def resume_page(form: CompiledForm) -> str:
    return render_template(
        "recruiting/resume.html", form=form, kept=resumes.resume_of(db(), actor())
    )


def apply_page(post: Post, told: Sending) -> str:
    page = post_page(db(), actor(), post, moment())
    return render_template("recruiting/apply.html", post=page, sending=told)


def require_offered() -> None:
    if not posts.is_offered(db(), actor().school_id):
        raise NotYours
