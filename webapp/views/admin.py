"""The admin's pages: releases, incidents, people, import, audit."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.models import School
from webapp.pages.administration import (
    called_names,
    find_person,
    find_release,
    list_incidents,
    list_people,
    list_releases,
    secrets_file,
)
from webapp.pages.audit import list_audit
from webapp.pages.labels import family_label
from webapp.services.accounts.identity import block_person, reset_password
from webapp.services.audit import ACTS
from webapp.services.cases.incidents import retry_incident
from webapp.services.imports import import_employers, import_graduates

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/releases")
@for_roles("admin")
def releases() -> str:
    """Every release of the school with the cases that run on it."""
    return render_template("admin/releases.html", lines=list_releases(db(), actor()))


@bp.get("/releases/<uuid:release_id>")
@for_roles("admin")
def release(release_id: uuid.UUID) -> str:
    """One release: its diagram, the diagrams it calls, its forms."""
    found = find_release(db(), actor(), release_id)
    return render_template(
        "admin/release.html",
        release=found,
        family=family_label(found.family),
        names=called_names(found),
    )


@bp.get("/releases/<uuid:release_id>/diagram.xml")
@for_roles("admin")
def release_diagram(release_id: uuid.UUID) -> Response:
    """The frozen diagram, or one that it calls."""
    found = find_release(db(), actor(), release_id)
    called = found.called.get(request.args.get("called", ""))
    return Response(called or bytes(found.diagram), mimetype="application/xml")


@bp.get("/incidents")
@for_roles("admin")
def incidents() -> str:
    """What the system could not carry on by itself."""
    query = request.args.to_dict()
    page = list_incidents(db(), actor(), query)
    return render_template("admin/incidents.html", page=page, query=query)


@bp.post("/incidents/<uuid:incident_id>/retry")
@for_roles("admin")
def retry(incident_id: uuid.UUID) -> Any:
    """Have the next sweep try again."""
    retry_incident(db(), actor(), incident_id, moment(), address())
    db().commit()
    flash("已安排重试，结果会在一分钟内出现在这里", "good")
    return redirect(url_for("admin.incidents"), 303)


@bp.get("/people")
@for_roles("admin")
def people() -> str:
    """The accounts of the school and of employers."""
    query = request.args.to_dict()
    return render_template("admin/people.html", page=list_people(db(), actor(), query), query=query)


@bp.get("/people/<uuid:person_id>")
@for_roles("admin")
def person(person_id: uuid.UUID) -> str:
    """One account."""
    line = find_person(db(), actor(), person_id)
    return render_template("admin/person.html", line=line, code=None)


@bp.post("/people/<uuid:person_id>/reset")
@for_roles("admin")
def reset(person_id: uuid.UUID) -> str:
    """A one-time code in place of the password, shown this once (A03)."""
    code = reset_password(db(), actor(), person_id, moment(), address())
    db().commit()
    line = find_person(db(), actor(), person_id)
    return render_template("admin/person.html", line=line, code=code)


@bp.post("/people/<uuid:person_id>/block")
@for_roles("admin")
def block(person_id: uuid.UUID) -> Any:
    """Close an account."""
    block_person(db(), actor(), person_id, moment(), address())
    db().commit()
    flash("账号已停用", "good")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@bp.route("/import", methods=["GET", "POST"])
@for_roles("admin")
def import_page() -> Any:
    """Take in a register of graduates or a list of employers, or try it out first."""
    report = take_in() if request.method == "POST" and request.files.get("file") else None
    missing = request.method == "POST" and report is None
    page = render_template(
        "admin/import.html", report=report, missing=missing, secrets_file=secrets_file(report)
    )
    return page, 200 if (report is None or report.accepted) and not missing else 422


def take_in() -> Any:
    file = request.files["file"]
    given = (file.read(), file.filename or "", moment(), actor())
    dry_run = bool(request.form.get("dry_run"))
    if request.form.get("kind") == "employers":
        report = import_employers(db(), *given, dry_run=dry_run, address=address())
    else:
        school = db().get_one(School, actor().school_id)
        report = import_graduates(db(), school, *given, dry_run=dry_run, address=address())
    if report.accepted and not dry_run:
        db().commit()
    return report


@bp.get("/audit")
@for_roles("admin")
def audit() -> str:
    """Who logged in, reset, blocked, imported, printed beyond the quota or retried, and from where."""
    query = request.args.to_dict()
    page = list_audit(db(), actor(), query)
    return render_template("admin/audit.html", page=page, query=query, acts=ACTS)
