"""Beginning something: read what it is, then begin it and go on with its first step."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.services.agreements.documents import template_for
from webapp.services.cases.entries import (
    KINDS,
    begin,
    find_entry,
    makes_agreement,
    published_diagram,
    subject_of,
)
from webapp.services.cases.tasks import open_tasks

bp = Blueprint("starts", __name__, url_prefix="/start")
BEGINNERS = ("graduate", "employer", "office")


@bp.get("/<family>/<variant>/<kind>/<uuid:subject_id>")
@for_roles(*BEGINNERS)
def show(family: str, variant: str, kind: str, subject_id: uuid.UUID) -> str:
    """What this is for, before anything is begun."""
    if kind not in KINDS:
        abort(404)
    graduate, _about = subject_of(db(), actor(), kind, subject_id)
    entry = find_entry(db(), actor(), graduate, family, variant, kind, moment())
    makes = actor().role == "graduate" and makes_agreement(db(), actor(), entry)
    return render_template("starts/show.html", entry=entry, graduate=graduate, makes=makes)


@bp.get("/<family>/<variant>/diagram.xml")
@for_roles("graduate")
def diagram(family: str, variant: str) -> Response:
    """The flow as the school has published it, before anything is begun (G03)."""
    xml = published_diagram(db(), actor(), family, variant).xml
    return Response(xml, mimetype="application/xml")


@bp.get("/<family>/<variant>/agreement.pdf")
@for_roles("graduate")
def template(family: str, variant: str) -> Response:
    """The agreement's template with the own base data, marked as a draft (G03)."""
    published_diagram(db(), actor(), family, variant)
    content = template_for(db(), actor())
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename*=UTF-8''" + quote("就业协议模板.pdf")
    return answer


@bp.post("/<family>/<variant>/<kind>/<uuid:subject_id>")
@for_roles(*BEGINNERS)
def start(family: str, variant: str, kind: str, subject_id: uuid.UUID) -> Any:
    """Begin it, or go on with what was begun before."""
    if kind not in KINDS:
        abort(404)
    graduate, about = subject_of(db(), actor(), kind, subject_id)
    entry = find_entry(db(), actor(), graduate, family, variant, kind, moment())
    case_id = begin(db(), actor(), entry, graduate, about, moment())
    db().commit()
    own = [task for task in open_tasks(db(), case_id) if task.queue in actor().queues]
    if own:
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    return redirect(url_for("cases.show", case_id=case_id), 303)
