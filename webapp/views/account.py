"""The own account: base data, password, what the register says about me."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import login_user

from webapp.access import for_roles, logged_in
from webapp.current import LoggedIn, actor, address, db, moment, person
from webapp.pages.accounts import about_me, correcting_of, own_base_data
from webapp.services.accounts.actors import actors_of
from webapp.services.accounts.identity import LogInRefused, change_password, confirm_base_data
from webapp.services.accounts.identity_providers import providers
from webapp.services.accounts.passwords import WeakPassword
from webapp.services.accounts.throttles import TooManyTries

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@logged_in
def show() -> str:
    """What is known about this person or employer, and who may change it (A24)."""
    groups = about_me(db(), actor(), moment())
    several = len(actors_of(db(), actor().person_id)) > 1
    correcting = correcting_of(db(), actor()) if actor().role == "graduate" else None
    return render_template(
        "account/show.html",
        groups=groups,
        several=several,
        correcting=correcting,
        providers=providers(current_app.config["QIANYUE"].identity).values(),
    )


@bp.route("/base-data", methods=["GET", "POST"])
@for_roles("graduate")
def base_data() -> Any:
    """The first thing a graduate does: check the base data and confirm them (B01)."""
    if request.method == "POST":
        confirm_base_data(db(), actor(), moment())
        db().commit()
        flash("已确认基本信息", "good")
        return redirect(url_for("auth.index"), 303)
    graduate, groups = own_base_data(db(), actor())
    correcting = correcting_of(db(), actor())
    return render_template(
        "account/base_data.html", graduate=graduate, groups=groups, correcting=correcting
    )


@bp.route("/password", methods=["GET", "POST"])
@logged_in
def password() -> Any:
    """A password of one's own; the initial one lets nobody further."""
    if request.method != "POST":
        return password_page({})
    typed = request.form.get("new", "")
    if typed != request.form.get("again", ""):
        return password_page({"again": "两次输入的新密码不一样"}), 422
    old = request.form.get("old", "")
    changed = change_password(db(), actor().person_id, old, typed, moment(), address())
    db().commit()
    login_user(LoggedIn(changed, actor()))
    flash("新密码已保存，下次用它登录", "good")
    return redirect(url_for("auth.index"), 303)


@bp.errorhandler(WeakPassword)
def refuse_weak(error: WeakPassword) -> Any:
    return password_page({"new": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(LogInRefused)
@bp.errorhandler(TooManyTries)
def refuse_old(error: LogInRefused) -> Any:
    return password_page({"old": f"{error.story}{error.way_out}"}), error.status


def password_page(errors: dict[str, str]) -> str:
    forced = person().must_change_password
    return render_template("account/password.html", errors=errors, forced=forced)
