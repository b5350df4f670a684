"""The university office's overview."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.pages.dashboard import overview
from webapp.pages.voids import list_voids
from webapp.pages.wording import read_cutoff, say_percent

bp = Blueprint("office", __name__, url_prefix="/office")


@bp.get("")
@for_roles("office")
def dashboard() -> str:
    """The counts of a cohort with their denominator and cut-off, and what is stuck."""
    cohort = request.args.get("cohort", type=int)
    cutoff: datetime = read_cutoff(request.args.get("cutoff", ""), moment())
    school_id = actor().school_id
    assert school_id is not None
    found = overview(db(), school_id, cohort, cutoff, moment())
    return render_template("office/dashboard.html", overview=found, percent=say_percent)


@bp.get("/voids")
@for_roles("reviewer", "office")
def voids() -> str:
    """The record of voided destinations of the own college or school; nothing to decide (M08)."""
    query = request.args.to_dict()
    page = list_voids(db(), actor(), query)
    return render_template("office/voids.html", page=page, query=query)
