"""A school's admin tries a form of a draft out; what is sent is judged and goes nowhere."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, render_template, request

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.pages.form_trial import Trial, changed_trial, new_trial, picking, received
from webapp.pages.receiving import files_in
from webapp.security import POLICY
from webapp.services.design import drafts

bp = Blueprint("form_trial", __name__, url_prefix="/design")
# The page on which the form is changed shows the trial in a frame; nobody else may frame it.
IN_FRAME = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# Buttons that ask for another page of the same trial; any other sends the form.
AGAIN = frozenset({"_row", "_drop", "_code", "_back", "_samples", "_suppose"})


@bp.route("/<uuid:draft_id>/form-trial/<path:form_key>", methods=["GET", "POST"])
@for_roles("admin")
def show(draft_id: uuid.UUID, form_key: str) -> Response:
    """The form as people will see it, its pickers, and what the process would receive."""
    draft = drafts.find_draft(db(), actor(), draft_id)
    trial = new_trial(db(), actor(), draft, form_key, request.form, moment())
    if request.method != "POST":
        return page("design/form_trial.html", trial, form=trial.fill(values={}))
    if asked := picking(trial, request.form):
        form = trial.fill(request.form)
        return page("design/form_trial_pick.html", trial, form=form, asked=asked)
    form, refused = changed_trial(trial, request.form, files_in(request.files))
    is_sent = not (refused or AGAIN & set(request.form))
    passed = is_sent and form.validate()
    return page(
        "design/form_trial.html",
        trial,
        form=form,
        refused=refused,
        is_sent=is_sent,
        passed=passed,
        received=received(form) if passed else [],
    )


def page(template: str, trial: Trial, **values: Any) -> Response:
    html = render_template(template, trial=trial, **values)
    headers = {"Content-Security-Policy": IN_FRAME, "X-Frame-Options": "SAMEORIGIN"}
    return Response(html, headers=headers)
