"""What was taken of a diagram: by the scenarios of a draft or release, by the cases of a release."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db
from webapp.pages.covering import cases_page, scenarios_page
from webapp.services.design.drafts import find_draft
from webapp.services.design.runnable import of_draft, of_release
from webapp.services.design.trying import find_target

bp = Blueprint("covering", __name__, url_prefix="/design")


@bp.get("/<uuid:draft_id>/coverage")
@for_roles("admin")
def of_scenarios(draft_id: uuid.UUID) -> str:
    """The flows that the scenarios of a draft take."""
    draft = find_draft(db(), actor(), draft_id)
    page = scenarios_page(of_draft(draft))
    return render_template("design/coverage.html", page=page, draft=draft, by="scenarios")


@bp.get("/releases/<uuid:release_id>/coverage")
@for_roles("admin")
def of_release_or_cases(release_id: uuid.UUID) -> str:
    """The flows that the scenarios of a release take or, `?by=cases`, its cases."""
    release = find_target(db(), actor(), release_id)
    by = "cases" if request.args.get("by") == "cases" else "scenarios"
    runnable = of_release(release)
    page = cases_page(db(), release, runnable) if by == "cases" else scenarios_page(runnable)
    return render_template("design/coverage.html", page=page, release=release, by=by)
