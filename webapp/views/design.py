"""A school's admin changes diagrams: the list, the modeler, the draft that keeps itself."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for

from processes.diagram import UnreadableDiagram
from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.models import Person, Release
from webapp.pages.designing import catalogue_of, list_variants
from webapp.security import POLICY
from webapp.services import audit
from webapp.services.design import drafts
from webapp.services.design.checking import check_draft, findings_of
from webapp.services.design.importing import has_original

bp = Blueprint("design", __name__, url_prefix="/design")
# The canvas places its shapes by inline style; nothing else on the site may.
CANVAS_POLICY = "style-src 'self' 'unsafe-inline'"


@bp.get("")
@for_roles("admin")
def index() -> str:
    """Every diagram of the school: what is in force, and what is being changed."""
    return render_template("design/index.html", families=list_variants(db(), actor()))


@bp.post("")
@for_roles("admin")
def open_draft() -> Any:
    """Go on with the draft of a variant, or begin one; a new variant may begin like another."""
    typed = {
        key: request.form.get(key, "").strip() for key in ("family", "variant", "title", "like")
    }
    draft = drafts.open_draft(
        db(),
        actor(),
        typed["family"],
        typed["variant"],
        moment(),
        title=typed["title"],
        like=typed["like"],
    )
    db().commit()
    return redirect(url_for("design.edit", draft_id=draft.id), 303)


@bp.get("/<uuid:draft_id>")
@for_roles("admin")
def edit(draft_id: uuid.UUID) -> Response:
    """The modeler; on a phone only the drawing."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    base = db().get(Release, draft.base_release_id) if draft.base_release_id else None
    changed_by = db().get_one(Person, draft.changed_by_id).name
    page = render_template(
        "design/edit.html",
        draft=draft,
        base=base,
        changed_by=changed_by,
        imported=has_original(db(), actor(), draft.id),
        read=drafts.print_of(draft.diagram),
    )
    policy = POLICY.replace("style-src 'self'", CANVAS_POLICY)
    return Response(page, headers={"Content-Security-Policy": policy})


@bp.get("/<uuid:draft_id>/diagram")
@for_roles("admin")
def diagram(draft_id: uuid.UUID) -> Response:
    """The draft's file, as it was saved last; `?download` names it."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    answer = Response(bytes(draft.diagram), mimetype="application/xml")
    if "download" in request.args:
        answer.headers.set("Content-Disposition", "attachment", filename=f"{draft.variant}.bpmn")
    return answer


@bp.put("/<uuid:draft_id>/diagram")
@for_roles("admin")
def save(draft_id: uuid.UUID) -> Any:
    """Store what the canvas holds over what it was read from: {revision, read, xml}.

    `read` is the print of the diagram that was read: a form saved meanwhile is no hindrance.
    """
    drafts.find_draft(db(), actor(), draft_id)
    sent = request.get_json(silent=True) or {}
    revision, xml = sent.get("revision"), sent.get("xml")
    if not isinstance(revision, int) or not isinstance(xml, str):
        return jsonify(story="请求不完整，没有保存。"), 400
    read = sent.get("read")
    try:
        draft = drafts.save_parts(
            db(),
            actor(),
            draft_id,
            revision=revision,
            now=moment(),
            diagram=xml.encode(),
            is_as_read=lambda found: drafts.print_of(found.diagram) == read,
        )
    except drafts.DraftChanged as error:
        db().rollback()
        return jsonify(story=error.story, way_out=error.way_out, revision=error.revision), 409
    except UnreadableDiagram as error:
        db().rollback()
        return jsonify(story="；".join(one.message for one in error.findings)), 422
    db().commit()
    return jsonify(revision=draft.revision, read=drafts.print_of(draft.diagram))


@bp.post("/<uuid:draft_id>/check")
@for_roles("admin")
def check(draft_id: uuid.UUID) -> Any:
    """The findings of the rules about the draft as it was saved last."""
    result = check_draft(drafts.find_draft(db(), actor(), draft_id))
    return jsonify(status=result.status, findings=findings_of(result))


@bp.get("/<uuid:draft_id>/catalogue")
@for_roles("admin")
def catalogue(draft_id: uuid.UUID) -> Any:
    """What the panel offers to choose from."""
    known = catalogue_of(db(), actor(), drafts.find_draft(db(), actor(), draft_id))
    form_editor = url_for("form_design.edit", draft_id=draft_id, form_key="FORM")
    return jsonify({**known, "form_editor": form_editor})


@bp.route("/<uuid:draft_id>/discard", methods=["GET", "POST"])
@for_roles("admin")
def discard(draft_id: uuid.UUID) -> Any:
    """Give a draft up, after asking."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    if request.method != "POST":
        return render_template("design/discard.html", draft=draft)
    audit.record(
        db(),
        "draft_discarded",
        moment(),
        by=actor(),
        school_id=actor().school_id,
        about=f"{draft.family}/{draft.variant}",
        address=address(),
    )
    drafts.discard(db(), actor(), draft_id)
    db().commit()
    flash("草稿已删除，已发布的流程不受影响", "good")
    return redirect(url_for("design.index"), 303)
