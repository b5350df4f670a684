"""A case: who holds it, where it stands, what happened; and taking it back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, db, moment
from webapp.pages.acts import shown_acts
from webapp.pages.case_page import case_page, map_of, tokens_of
from webapp.pages.families import withdrawal_of
from webapp.pages.papers import destination_of, papers_of, terms_of
from webapp.pages.resume_form import resume_as_sent
from webapp.pages.work import own_cases
from webapp.services.cases import messages
from webapp.services.cases.cases import find_case, require_withdrawable, withdraw_case
from webapp.services.cases.entries import free_signings
from webapp.services.cases.tasks import open_tasks
from webapp.services.files.attachments import attachments_of

bp = Blueprint("cases", __name__, url_prefix="/cases")
PARTIES = ("graduate", "employer", "reviewer", "office", "admin")


@bp.get("")
@for_roles("graduate", "employer")
def index() -> str:
    """Every case of this graduate or employer, running and ended."""
    query = request.args.to_dict()
    page = own_cases(db(), actor(), query)
    entries = free_signings(db(), actor()) if actor().role == "graduate" else []
    return render_template("cases/index.html", page=page, query=query, entries=entries)


@bp.get("/<uuid:case_id>")
@for_roles(*PARTIES)
def show(case_id: uuid.UUID) -> str:
    """One case in words, drawing and papers."""
    case = find_case(db(), actor(), case_id)
    page = case_page(db(), actor(), case, moment())
    return render_template(
        "cases/show.html",
        page=page,
        papers=papers_of(db(), actor(), page),
        terms=terms_of(page),
        sent=resume_as_sent(actor(), case),
        destination=destination_of(page),
        acts=shown_acts(db(), actor(), case, moment()),
        side_acts=messages.side_acts(db(), actor(), case),
        files=attachments_of(db(), actor(), case),
    )


@bp.get("/<uuid:case_id>/withdraw")
@for_roles("graduate", "employer")
def ask_withdraw(case_id: uuid.UUID) -> str:
    """Read what taking back means, before doing it."""
    case = require_withdrawable(db(), actor(), case_id)
    return render_template("cases/withdraw.html", page=case_page(db(), actor(), case, moment()))


@bp.post("/<uuid:case_id>/withdraw")
@for_roles("graduate", "employer")
def withdraw(case_id: uuid.UUID) -> Any:
    """Take back what this side began, while nobody has acted on it (I6, L03)."""
    before = require_withdrawable(db(), actor(), case_id)
    variant, status = before.variant, before.status
    case = withdraw_case(db(), actor(), case_id, moment())
    db().commit()
    flash(withdrawal_of(case.family, variant, status).done, "good")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<uuid:case_id>/acts/<message>")
@for_roles("graduate", "employer")
def ask_act(case_id: uuid.UUID, message: str) -> str:
    """Read what an act beside the steps means, before doing it (G14)."""
    case, act = messages.find_act(db(), actor(), case_id, message)
    page = case_page(db(), actor(), case, moment())
    return render_template("cases/act.html", page=page, act=act)


@bp.post("/<uuid:case_id>/acts/<message>")
@for_roles("graduate", "employer")
def do_act(case_id: uuid.UUID, message: str) -> Any:
    """Do it, and go on with what now waits for this side."""
    _, act = messages.find_act(db(), actor(), case_id, message)
    messages.do(db(), actor(), case_id, message, moment())
    db().commit()
    flash(f"已{act.words}", "good")
    own = [task for task in open_tasks(db(), case_id) if task.queue in actor().queues]
    if own:
        return redirect(url_for("tasks.show", task_id=own[0].id), 303)
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<uuid:case_id>/diagram.xml")
@for_roles(*PARTIES)
def diagram(case_id: uuid.UUID) -> Response:
    """The diagram of the case's release, as drawn."""
    case = find_case(db(), actor(), case_id)
    return Response(map_of(db(), case).diagram.xml, mimetype="application/xml")


@bp.get("/<uuid:case_id>/tokens.json")
@for_roles(*PARTIES)
def tokens(case_id: uuid.UUID) -> Response:
    """Where the case stands on its diagram, and the way it came."""
    return jsonify(tokens_of(db(), actor(), find_case(db(), actor(), case_id)))
