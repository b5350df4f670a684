"""The register as reviewers and the office read it: search, filters, one graduate."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.models import School
from webapp.pages.graduates import (
    STATES,
    cases_of,
    colleges_of,
    find_graduate,
    list_graduates,
    register_groups,
)
from webapp.pages.labels import status_of
from webapp.services.aftermath import states_since
from webapp.services.entries import acts_on_graduate

bp = Blueprint("graduates", __name__, url_prefix="/graduates")


@bp.get("")
@for_roles("reviewer", "office")
def index() -> str:
    """The graduates of the own college or school, by name, number, college and state."""
    query = request.args.to_dict()
    return render_template(
        "graduates/index.html",
        page=list_graduates(db(), actor(), query),
        colleges=colleges_of(db(), actor()),
        states=STATES,
        query=query,
    )


@bp.get("/<uuid:graduate_id>")
@for_roles("reviewer", "office")
def show(graduate_id: uuid.UUID) -> str:
    """One graduate's base data and everything that happened."""
    line = find_graduate(db(), actor(), graduate_id)
    school = db().get(School, line.graduate.school_id)
    happened = cases_of(db(), line.graduate)
    since = states_since(db(), [case.id for case in happened])
    return render_template(
        "graduates/show.html",
        line=line,
        groups=register_groups(line.graduate, line.college),
        cases=[(case, status_of(case.status, school, since.get(case.id, ""))) for case in happened],
        acts=acts_on_graduate(db(), actor(), line.graduate),
        now=moment(),
    )
