"""Employers as the office knows them: level, certifications, and recovering a lost account."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.models import School
from webapp.pages.certifying import (
    cases_about,
    credentials_of,
    find_employer,
    list_employers,
)
from webapp.services.cases.tasks import open_tasks
from webapp.services.employers.certifying import begin, offers
from webapp.services.employers.levels import LABELS

bp = Blueprint("employers", __name__, url_prefix="/employers")


@bp.get("")
@for_roles("office")
def index() -> str:
    """Every employer of the platform, by name, code and level (A20)."""
    query = request.args.to_dict()
    page = list_employers(db(), query, moment())
    return render_template("employers/index.html", page=page, query=query, levels=LABELS)


@bp.get("/<uuid:employer_id>")
@for_roles("office")
def show(employer_id: uuid.UUID) -> str:
    """One employer: who certified it, on what papers, and what the office may begin about it."""
    employer = find_employer(db(), employer_id)
    return render_template(
        "employers/show.html",
        employer=employer,
        credentials=credentials_of(db(), actor(), employer, moment()),
        cases=cases_about(db(), actor(), employer),
        offers=offers(db(), actor()),
    )


@bp.post("/<uuid:employer_id>/start")
@for_roles("office")
def start(employer_id: uuid.UUID) -> Any:
    """Begin something about the employer, such as recovering its account from a letter (A08)."""
    employer = find_employer(db(), employer_id)
    family, _, variant = request.form.get("what", "").partition("/")
    school = db().get_one(School, actor().school_id)
    case_id = begin(db(), actor(), school.code, family, variant, employer.id, moment())
    db().commit()
    own = [task for task in open_tasks(db(), case_id) if task.queue in actor().queues]
    if own:
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    return redirect(url_for("cases.show", case_id=case_id), 303)
