"""The register as reviewers and the office read it: search, filters, one graduate."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.models import School
from webapp.pages.graduates import (
    STATES,
    bound_to_somebody,
    cases_of,
    choices_of,
    find_graduate,
    list_graduates,
    register_groups,
)
from webapp.pages.labels import status_of
from webapp.pages.registers import list_changes, list_corrections, list_employment
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
        choices=choices_of(db(), actor()),
        states=STATES,
        query=query,
    )


@bp.get("/employment")
@for_roles("reviewer", "office")
def employment() -> str:
    """Where each graduate goes: destination and employer in force (B08 就业信息)."""
    return listed("employment", list_employment)


@bp.get("/corrections")
@for_roles("reviewer", "office")
def corrections() -> str:
    """Requests to correct base data (B08 纠错管理)."""
    return listed("corrections", list_corrections)


@bp.get("/changes")
@for_roles("reviewer", "office")
def changes() -> str:
    """What changed in the register lately, old and new (B08 最近修改)."""
    return listed("changes", list_changes)


def listed(kind: str, lister: Any) -> str:
    query = request.args.to_dict()
    return render_template(
        f"graduates/{kind}.html",
        page=lister(db(), actor(), query),
        choices=choices_of(db(), actor()),
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
        is_bound=bound_to_somebody(db(), line.graduate),
        now=moment(),
    )
