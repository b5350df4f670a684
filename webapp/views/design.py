"""A school's admin changes diagrams: the list, the modeler, the draft that keeps itself."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for

from processes.diagram import UnreadableDiagram
from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.errors import CaseError
from webapp.models import Draft, Person, Release
from webapp.pages.designing import catalogue_of, list_variants
from webapp.security import POLICY
from webapp.services import audit
from webapp.services.design import drafts, titles
from webapp.services.design.called_diagrams import (
    BadCalled,
    OtherProcess,
    begin_called,
    called_diagram,
    drop_called,
    findings_inside,
    own_diagram,
    save_called,
)
from webapp.services.design.checking import check_draft, findings_of
from webapp.services.design.importing import has_original

bp = Blueprint("design", __name__, url_prefix="/design")
# The canvas places its shapes by inline style; nothing else on the site may.
CANVAS_POLICY = "style-src 'self' 'unsafe-inline'"
NO_REVISION = 0  # revisions count from 1


@bp.get("")
@for_roles("admin")
def index() -> str:
    """Every diagram of the school: what is in force, and what is being changed."""
    return list_page()


def list_page(problems: dict[str, CaseError] | None = None) -> str:
    families = list_variants(db(), actor())
    return render_template("design/index.html", families=families, problems=problems or {})


@bp.post("")
@for_roles("admin")
def open_draft() -> Any:
    """Go on with the draft of a variant, or begin one; a new variant may begin like another.

    Only what begins a new variant sends a title.
    """
    typed = {
        key: request.form.get(key, "").strip() for key in ("family", "variant", "title", "like")
    }
    family, variant = typed["family"], typed["variant"]
    like_family, _, like = typed["like"].rpartition("/")
    if like_family not in ("", family):
        error = drafts.BadVariant("照着的流程图属于另一个类别，没有新建。", "请选同一类别里的。")
        return list_page({"like": error}), error.status
    try:
        if "title" in request.form:
            titles.require_new(db(), actor(), typed["title"], (family, variant))
        draft = drafts.open_draft(
            db(), actor(), family, variant, moment(), title=typed["title"], like=like
        )
    except titles.BadTitle as error:
        db().rollback()
        return list_page({"title": error}), error.status
    except (drafts.BadVariant, titles.VariantTaken) as error:
        db().rollback()
        return list_page({"variant": error}), error.status
    db().commit()
    return redirect(url_for("design.edit", draft_id=draft.id), 303)


@bp.route("/<uuid:draft_id>/title", methods=["GET", "POST"])
@for_roles("admin")
def title(draft_id: uuid.UUID) -> Any:
    """Another title for a draft, and another short name while nobody knows it by the old one."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    problems: dict[str, CaseError] = {}
    if request.method == "POST":
        try:
            titles.rename(
                db(),
                actor(),
                draft_id,
                request.form.get("title", "").strip(),
                request.form.get("variant", draft.variant).strip(),
                revision=request.form.get("revision", 0, type=int),
                read=request.form.get("read", ""),
                now=moment(),
                address=address(),
            )
            db().commit()
            flash("名称已改。发布以后，新发起的事项才用新的名称", "good")
            return redirect(url_for("design.edit", draft_id=draft_id), 303)
        except titles.BadTitle as error:
            problems["title"] = error
        except (drafts.BadVariant, titles.VariantStays, titles.VariantTaken) as error:
            problems["variant"] = error
        db().rollback()
    draft = drafts.find_draft(db(), actor(), draft_id)
    may_change = titles.may_change_variant(db(), draft)
    page = render_template(
        "design/title.html", draft=draft, may_change_variant=may_change, problems=problems
    )
    return page, 422 if problems else 200


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
    )
    policy = POLICY.replace("style-src 'self'", CANVAS_POLICY)
    return Response(page, headers={"Content-Security-Policy": policy})


@bp.get("/<uuid:draft_id>/diagram")
@for_roles("admin")
def diagram(draft_id: uuid.UUID) -> Response:
    """The draft's file, as it was saved last; `?called` one that it calls, `?download` names it.

    The header `Diagram-Read` is the print that a save of it must send again.
    """
    draft = drafts.find_draft(db(), actor(), draft_id)
    process = request.args.get("called", "")
    data = called_diagram(draft, process) if process else bytes(draft.diagram)
    answer = Response(data, mimetype="application/xml")
    answer.headers.set("Diagram-Read", drafts.print_of(part_of(draft, process)))
    if "download" in request.args:
        name = f"{process or draft.variant}.bpmn"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def part_of(draft: Draft, process: str) -> bytes | None:
    """The part of a draft that an editor changes: its diagram, or its own one of those it calls."""
    return own_diagram(draft, process) if process else draft.diagram


@bp.put("/<uuid:draft_id>/diagram")
@for_roles("admin")
def save(draft_id: uuid.UUID) -> Any:
    """Store what the canvas holds over what it was read from: {read, xml}.

    `read` is the print of the diagram that was read, and the only judge: a form saved meanwhile is
    no hindrance, and no revision vouches for a diagram that the page read before another.
    `?called` names one of the called diagrams, which becomes the draft's own.
    """
    return keep_part(draft_id, request.args.get("called", ""), "xml")


@bp.delete("/<uuid:draft_id>/diagram")
@for_roles("admin")
def take_out(draft_id: uuid.UUID) -> Any:
    """Call the packaged diagram `?called` again instead of the draft's own: {read}."""
    return keep_part(draft_id, request.args.get("called", ""), "")


def keep_part(draft_id: uuid.UUID, process: str, field: str) -> Any:
    """Store a diagram of the draft, or take out the draft's own where there is no field to store."""
    drafts.find_draft(db(), actor(), draft_id)
    sent = request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    xml, read = sent.get(field, ""), sent.get("read")
    if not isinstance(read, str) or not isinstance(xml, str) or bool(xml) != bool(field):
        return jsonify(story="请求不完整，没有保存。"), 400
    over: dict[str, Any] = {
        "revision": NO_REVISION,
        "now": moment(),
        "is_as_read": lambda found: drafts.print_of(part_of(found, process)) == read,
    }
    try:
        if not xml:
            draft = drop_called(db(), actor(), draft_id, process, **over)
        elif process:
            draft = save_called(db(), actor(), draft_id, process, xml.encode(), **over)
        else:
            draft = drafts.save_parts(db(), actor(), draft_id, diagram=xml.encode(), **over)
    except drafts.DraftChanged as error:
        db().rollback()
        return jsonify(story=error.story, way_out=error.way_out, revision=error.revision), 409
    except OtherProcess as error:
        db().rollback()
        return jsonify(story=error.story + error.way_out), error.status
    except UnreadableDiagram as error:
        db().rollback()
        return jsonify(story="；".join(one.message for one in error.findings)), 422
    db().commit()
    return jsonify(revision=draft.revision, read=drafts.print_of(part_of(draft, process)))


@bp.post("/<uuid:draft_id>/called")
@for_roles("admin")
def begin(draft_id: uuid.UUID) -> Any:
    """One more diagram that the draft alone may call, blank: {process, name}."""
    drafts.find_draft(db(), actor(), draft_id)
    sent = request.get_json(silent=True)
    sent = sent if isinstance(sent, dict) else {}
    process, name = (str(sent.get(key, "")).strip() for key in ("process", "name"))
    try:
        draft = begin_called(db(), actor(), draft_id, process, name, moment())
    except BadCalled as error:
        db().rollback()
        return jsonify(story=error.story + error.way_out), error.status
    db().commit()
    return jsonify(revision=draft.revision)


@bp.post("/<uuid:draft_id>/check")
@for_roles("admin")
def check(draft_id: uuid.UUID) -> Any:
    """The findings of the rules about the draft as it was saved last, and about what it calls."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    result = check_draft(draft)
    return jsonify(status=result.status, findings=[*findings_of(result), *findings_inside(draft)])


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
