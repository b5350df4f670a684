"""The desk of a graduate or employer, and the lists of work that everybody has."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webapp.access import for_roles, logged_in
from webapp.current import actor, db
from webapp.pages.guides import guides_for, home_entries
from webapp.pages.work import list_work, own_state, sent_lines, waiting_lines
from webapp.services.cases.tasks import done_by_me, waiting_for_me, waiting_for_others

bp = Blueprint("inbox", __name__)


@bp.get("/home")
@for_roles("graduate", "employer")
def home() -> str:
    """What waits, until when; what I am bound to, or whom we have invited."""
    waiting = waiting_lines(db(), actor())
    if actor().role == "graduate":
        state = own_state(db(), actor())
        entries = home_entries(db(), actor())
        guides = guides_for(db(), actor())
        return render_template(
            "inbox/graduate.html", waiting=waiting, state=state, entries=entries, guides=guides
        )
    query = request.args.to_dict()
    sent = sent_lines(db(), actor(), query)
    return render_template("inbox/employer.html", waiting=waiting, sent=sent, query=query)


@bp.get("/inbox")
@logged_in
def waiting() -> str:
    """Everything that waits for me."""
    query = request.args.to_dict()
    page = list_work(db(), actor(), waiting_for_me, query)
    return render_template("inbox/list.html", page=page, query=query, tab="waiting")


@bp.get("/inbox/others")
@logged_in
def others() -> str:
    """Everything that I wait for."""
    query = request.args.to_dict()
    page = list_work(db(), actor(), waiting_for_others, query)
    return render_template("inbox/list.html", page=page, query=query, tab="others")


@bp.get("/inbox/done")
@logged_in
def done() -> str:
    """Everything that I have done."""
    query = request.args.to_dict()
    page = list_work(db(), actor(), done_by_me, query)
    return render_template("inbox/list.html", page=page, query=query, tab="done")
