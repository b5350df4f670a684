"""Printing agreements: one agreement's page, several at once, and requests for another print."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.access import for_roles
from webapp.current import actor, address, db, moment
from webapp.errors import (
    CaseError,
    DocumentNotReady,
    NotAllPrintable,
    NothingToPrint,
    NotInForce,
    PrintingNotOpen,
    PrintQuotaReached,
    ReasonMissing,
    RequestDecided,
    RequestWaits,
    TooManyCopies,
)
from webapp.pages.agreements import PRINTED, SHOWN, printing
from webapp.pages.prints import STATES, list_requests, print_page
from webapp.pages.work import split_ids
from webapp.sending import PDF, send
from webapp.services.agreements import print_requests, prints

bp = Blueprint("prints", __name__)
PARTIES = ("graduate", "employer", "reviewer", "office", "admin")
REFUSED = (
    *(NothingToPrint, TooManyCopies, NotAllPrintable),
    *(NotInForce, PrintingNotOpen, PrintQuotaReached, ReasonMissing, DocumentNotReady),
    *(RequestWaits, RequestDecided),
)


@bp.get("/office/agreements")
@for_roles("reviewer", "office")
def index() -> str:
    """协议书打印管理: the approved agreements of the own college or school (F08, F11)."""
    return list_page(request.args.to_dict(), [])


@bp.post("/office/agreements/print")
@for_roles("reviewer", "office")
def several() -> Any:
    """The ticked agreements as one file, every copy counted (F10, F11, G25)."""
    wanted = [
        prints.Wanted(agreement_id, copy)
        for agreement_id in split_ids(request.form.getlist("agreement"))
        for copy in request.form.getlist("copy")
    ]
    reason = request.form.get("reason", "")
    found = prints.hand_out(db(), actor(), wanted, moment(), reason, address())
    db().commit()
    return send(found.content, found.filename, PDF, inline=False)


@bp.get("/agreements/<uuid:agreement_id>/print")
@for_roles(*PARTIES)
def show(agreement_id: uuid.UUID) -> str:
    """The print page of one agreement (F09, F13, F14, G24)."""
    return one_page(agreement_id)


@bp.post("/agreements/<uuid:agreement_id>/copies")
@for_roles(*PARTIES)
def copy(agreement_id: uuid.UUID) -> Any:
    """One or all of the copies to print, counted (F10, F11, G25)."""
    page = print_page(db(), actor(), agreement_id)
    copies = page.copies if "all" in request.form else request.form.getlist("copy")
    wanted = [prints.Wanted(agreement_id, one) for one in copies]
    reason = request.form.get("reason", "")
    found = prints.hand_out(db(), actor(), wanted, moment(), reason, address())
    db().commit()
    return send(found.content, found.filename, PDF, inline=False)


@bp.post("/agreements/<uuid:agreement_id>/requests")
@for_roles("graduate", "employer")
def ask(agreement_id: uuid.UUID) -> Any:
    """Ask the school for another print (F24)."""
    which, reason = request.form.get("copy", ""), request.form.get("reason", "")
    print_requests.ask(db(), actor(), agreement_id, which, reason, moment())
    db().commit()
    flash("打印申请已提交，学校处理后会通知您", "good")
    return redirect(url_for("prints.show", agreement_id=agreement_id), 303)


@bp.get("/office/print-requests")
@for_roles("reviewer", "office")
def requests() -> str:
    """打印申请登记表 (F24)."""
    return register_page()


@bp.post("/office/print-requests/<uuid:request_id>")
@for_roles("office")
def decide(request_id: uuid.UUID) -> Any:
    """Grant or refuse a request."""
    state, answer = request.form.get("state", ""), request.form.get("answer", "")
    print_requests.decide(db(), actor(), request_id, state, answer, moment())
    db().commit()
    flash(f"已处理：{print_requests.ANSWERS[state]}", "good")
    return redirect(url_for("prints.requests"), 303)


def told(error: CaseError) -> Any:
    """Why nothing was printed or asked, on the page it was asked from, with what was chosen and typed."""
    db().rollback()
    place = request.view_args or {}
    if request.endpoint == "prints.several":
        page = list_page({}, [error.story, error.way_out])
    elif request.endpoint == "prints.decide":
        page = register_page(place["request_id"], error.story)
    else:
        page = one_page(place["agreement_id"], error.story)
    return page, error.status


for kind in REFUSED:
    bp.register_error_handler(kind, told)


def list_page(query: dict[str, str], problem: list[str]) -> str:
    return render_template(
        "prints/index.html",
        found=printing(db(), actor(), query),
        query=query,
        shown=SHOWN,
        printed=PRINTED,
        problem=problem,
        typed=request.form,
    )


def one_page(agreement_id: uuid.UUID, problem: str = "") -> str:
    page = print_page(db(), actor(), agreement_id)
    return render_template("prints/show.html", page=page, problem=problem, typed=request.form)


def register_page(at: uuid.UUID | None = None, problem: str = "") -> str:
    query = request.args.to_dict()
    page = list_requests(db(), actor(), query)
    return render_template(
        "prints/requests.html",
        page=page,
        query=query,
        states=STATES,
        at=at,
        problem=problem,
        typed=request.form,
    )
