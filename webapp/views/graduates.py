"""The register as reviewers and the office read it: search, filters, one graduate."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
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
from webapp.pages.office_lists import every_line, find_listing, list_lines
from webapp.pages.registers import list_changes, list_corrections, list_employment
from webapp.services.audit import record
from webapp.services.cases.aftermath import states_since
from webapp.services.cases.entries import acts_on_graduate
from webapp.services.files.spreadsheets import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


@bp.get("/dispatch")
@for_roles("reviewer", "office")
def dispatch() -> str:
    """Destination, agreement, archive and confirmation of each graduate (B08 毕业生派遣)."""
    return table("dispatch")


@bp.get("/contacts")
@for_roles("reviewer", "office")
def contacts() -> str:
    """How graduates are reached (B08 毕业生联系方式)."""
    return table("contacts")


@bp.get("/checks")
@for_roles("reviewer", "office")
def checks() -> str:
    """The graduates whose data somebody should look at (B08 数据核查)."""
    return table("checks")


@bp.get("/<kind>.xlsx")
@for_roles("reviewer", "office")
def export(kind: str) -> Response:
    """One of these lists as a spreadsheet, with the filters of its page; on record."""
    headings, lines = every_line(db(), actor(), kind, request.args.to_dict())
    title = find_listing(kind).title
    content = workbook(title, headings, lines)
    record(db(), "list_exported", moment(), by=actor(), about=title, address=address())
    db().commit()
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return answer


def table(kind: str) -> str:
    query = request.args.to_dict()
    return render_template(
        "graduates/listed.html",
        kind=kind,
        listing=find_listing(kind),
        page=list_lines(db(), actor(), kind, query),
        choices=choices_of(db(), actor()),
        query=query,
    )


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
        acts=acts_on_graduate(db(), actor(), line.graduate, moment()),
        is_bound=bound_to_somebody(db(), line.graduate),
        now=moment(),
    )
