"""Pages that explain: how to use the system, and what happens to personal data."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.access import public
from webapp.pages.guides import GUIDES

bp = Blueprint("about", __name__)


@bp.get("/guide")
@public
def guide() -> str:
    """How graduates, employers and the school use the system."""
    return render_template("about/guide.html", guides=GUIDES)


@bp.get("/privacy")
@public
def privacy() -> str:
    """Which personal data are used, and who sees them."""
    return render_template("about/privacy.html")
