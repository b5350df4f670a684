"""Where time goes: a release's steps with counts, times, lapses and returns, and the cases behind."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.pages.heat import STATES, cases_at, heat_page

bp = Blueprint("heat", __name__, url_prefix="/design/releases")


@bp.get("/<uuid:release_id>/heat")
@for_roles("admin")
def show(release_id: uuid.UUID) -> str:
    """The steps of a release, on the drawing and as a table."""
    page = heat_page(db(), actor(), release_id, request.args.to_dict())
    return render_template("design/heat.html", page=page)


@bp.get("/<uuid:release_id>/heat/cases")
@for_roles("admin")
def cases(release_id: uuid.UUID) -> str:
    """The cases that came to one step."""
    query = request.args.to_dict()
    release, page = cases_at(db(), actor(), release_id, query, moment())
    return render_template(
        "design/heat_cases.html", release=release, page=page, query=query, states=STATES
    )
