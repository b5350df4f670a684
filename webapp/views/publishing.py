"""Publishing a draft: what the proof says, what changes, whom it concerns, and the way back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.errors import ReleaseRefused
from webapp.models import Release
from webapp.pages.administration import find_release
from webapp.pages.paging import read_key
from webapp.pages.publishing import comparison_of, publication_of
from webapp.services.design import approving, publishing
from webapp.services.design.drafts import find_draft
from webapp.services.design.trials import trial_of_draft

bp = Blueprint("publishing", __name__, url_prefix="/design")
ASKED = (publishing.NoteNeeded, publishing.DifferencesNotConfirmed, ReleaseRefused)


@bp.route("/<uuid:draft_id>/publish", methods=["GET", "POST"])
@for_roles("admin")
def show(draft_id: uuid.UUID) -> Any:
    """Proof, difference and impact; then the note, and the publication."""
    find_draft(db(), actor(), draft_id)
    if request.method != "POST":
        return publish_page(draft_id)
    if "again" in request.form:
        trial_of_draft(db(), find_draft(db(), actor(), draft_id), moment(), anew=True)
        db().commit()
        return redirect(url_for("publishing.show", draft_id=draft_id), 303)
    given: dict[str, Any] = {
        "revision": request.form.get("revision", 0, int),
        "note": request.form.get("note", ""),
        "confirmed": "confirmed" in request.form,
        "now": moment(),
        "address": address(),
    }
    try:
        if publishing.needs_second(db(), actor().school_id):
            approving.ask(db(), actor(), draft_id, **given)
            db().commit()
            flash("已提请发布，等另一位管理员同意", "good")
            return redirect(url_for("publishing.show", draft_id=draft_id), 303)
        release = publishing.publish_draft(db(), actor(), draft_id, **given)
    except ASKED as error:
        db().rollback()
        return publish_page(draft_id, error.story), error.status
    db().commit()
    return published(release)


@bp.post("/publications/<uuid:publication_id>/agree")
@for_roles("admin")
def agree(publication_id: uuid.UUID) -> Any:
    """Publish what a colleague asked to publish."""
    release = approving.agree(db(), actor(), publication_id, moment(), address())
    db().commit()
    return published(release)


@bp.post("/publications/<uuid:publication_id>/refuse")
@for_roles("admin")
def refuse(publication_id: uuid.UUID) -> Any:
    """Do not agree, and say why."""
    reason = request.form.get("reason", "")
    asked = approving.refuse(db(), actor(), publication_id, reason, moment(), address())
    draft_id = asked.draft_id
    db().commit()
    flash("已退回，草稿没有改动", "good")
    return redirect(url_for("publishing.show", draft_id=draft_id), 303)


def published(release: Release) -> Any:
    flash(f"“{release.title}”第 {release.number} 版已发布，新发起的按它办理", "good")
    return redirect(url_for("admin.release", release_id=release.id), 303)


def publish_page(draft_id: uuid.UUID, problem: str = "") -> str:
    page = publication_of(db(), find_draft(db(), actor(), draft_id), moment())
    db().commit()
    return render_template("design/publish.html", page=page, problem=problem)


@bp.get("/releases/<uuid:release_id>/compare")
@for_roles("admin")
def compare(release_id: uuid.UUID) -> str:
    """A release beside another of its variant, in words and on two drawings."""
    other = read_key(request.args.get("with"))
    page = comparison_of(db(), actor(), release_id, other)
    return render_template("design/compare.html", page=page, release_id=release_id)


@bp.route("/releases/<uuid:release_id>/return", methods=["GET", "POST"])
@for_roles("admin")
def give_back(release_id: uuid.UUID) -> Any:
    """Put a former release in force again, after asking."""
    found = find_release(db(), actor(), release_id)
    if request.method != "POST":
        return render_template("design/return.html", release=found)
    release = publishing.return_to(db(), actor(), release_id, moment(), address())
    db().commit()
    flash(f"已恢复使用“{release.title}”第 {release.number} 版", "good")
    return redirect(url_for("admin.release", release_id=release_id), 303)
