"""The public page that tells whether a paper is the agreement it claims to be (F15)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from webapp.access import public
from webapp.current import db, moment
from webapp.errors import CaseError
from webapp.services.accounts.throttles import Limit, TooManyTries, count_try, take_back
from webapp.services.agreements.verification import Verified, compare, verify

bp = Blueprint("verify", __name__)
TRIES = Limit(20, timedelta(seconds=2), timedelta(minutes=2), timedelta(hours=1))
UNKNOWN = "没有这份协议书。请核对编号和核验码，一个字符也不能差"


@bp.route("/verify", methods=["GET", "POST"])
@public
def start() -> Any:
    """Type the number and the code from the paper."""
    number = request.form.get("number", "").strip()
    code = request.form.get("code", "").strip()
    if request.method != "POST":
        return start_page()
    if not number or not code:
        return start_page(number, code, "请填写编号和核验码"), 422
    return redirect(url_for("verify.show", number=number, code=code), 303)


@bp.route("/v/<number>.<code>", methods=["GET", "POST"])
@bp.route("/verify/<number>/<code>", methods=["GET", "POST"], endpoint="show_long")
@public
def show(number: str, code: str) -> Any:
    """The state as of now, with the name masked; and whether a PDF was changed."""
    found = ask(number, code)
    if found is None:
        return start_page(number, code, UNKNOWN), 404
    verdict = None
    file = request.files.get("file")
    if file and file.filename:
        verdict = compare(db(), number, hashlib.sha256(file.read()).hexdigest())
    return render_template("verify/show.html", found=found, verdict=verdict, code=code)


def ask(number: str, code: str) -> Verified | None:
    """Ask the register; a right code costs nothing, wrong ones slow down."""
    key = f"verify:{request.remote_addr or ''}"[:160]
    count_try(db(), {key: TRIES}, moment())
    found = verify(db(), number, code, moment())
    if found is not None:
        take_back(db(), key)
        db().commit()
    return found


@bp.errorhandler(TooManyTries)
def slow_down(error: CaseError) -> Any:
    return start_page(problem=error.story), error.status


def start_page(number: str = "", code: str = "", problem: str = "") -> str:
    return render_template("verify/start.html", number=number, code=code, problem=problem)
