"""A term through a draft or a release, simulated: reload and share it by its address."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.models import School
from webapp.pages.assumptions import groups_of, plan_in, results_of
from webapp.pages.simulating import SimulatingPage, outcome_of
from webapp.services.design.drafts import find_draft
from webapp.services.design.foreseeing import fixed_facts, observe
from webapp.services.design.runnable import Runnable, of_draft, of_release
from webapp.services.design.trying import find_target

bp = Blueprint("simulating", __name__, url_prefix="/design")


@bp.get("/<uuid:draft_id>/simulate")
@for_roles("admin")
def draft(draft_id: uuid.UUID) -> Any:
    """A term through a draft as it was saved last."""
    found = find_draft(db(), actor(), draft_id)
    return answer(of_draft(found), draft=found)


@bp.get("/releases/<uuid:release_id>/simulate")
@for_roles("admin")
def release(release_id: uuid.UUID) -> Any:
    """A term through a release."""
    found = find_target(db(), actor(), release_id)
    return answer(of_release(found), release=found)


def answer(runnable: Runnable, **subject: Any) -> Any:
    page = simulated(runnable, request.args.to_dict())
    status = 422 if page.problem and request.args else 200
    return render_template("design/simulate.html", page=page, **subject), status


def simulated(runnable: Runnable, query: dict[str, str]) -> SimulatingPage:
    """The page: first the questions, then what they were answered with."""
    asked = runnable.foresee(None)
    if asked.questions is None:
        return SimulatingPage(runnable.title, problem=asked.problem)
    school = db().get_one(School, actor().school_id)
    seen = observe(db(), school.id, runnable.family, runnable.variant, asked.questions, moment())
    page = SimulatingPage(
        runnable.title,
        groups=groups_of(runnable, asked.questions, seen, query),
        rare=results_of(asked.questions, query),
        observed=seen,
    )
    plan = plan_in(query, fixed_facts(school, runnable.family, asked.questions))
    if plan is None:
        return page
    found = runnable.foresee(plan)
    if found.simulated is None:
        return replace(page, problem=found.problem)
    return replace(page, outcome=outcome_of(runnable, found.simulated))
