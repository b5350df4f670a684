"""Ways to an account without a password at hand: binding, recovering, an outside identity."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as visit

from webapp.access import for_roles, public
from webapp.current import actor, actor_or_nobody, address, db, enter, moment
from webapp.errors import CaseError
from webapp.pages.schools import known_schools
from webapp.services.accounts.bindings import (
    BoundAlready,
    NotBound,
    bind,
    find_vouched,
    release,
    vouch,
)
from webapp.services.accounts.codes import NotAMobile
from webapp.services.accounts.identity_providers import Identity, IdentityProvider, providers
from webapp.services.accounts.passwords import WeakPassword
from webapp.services.accounts.recovery import NotRecovered, ask_code, set_anew
from webapp.services.accounts.throttles import TooManyTries

bp = Blueprint("coming_in", __name__)
BIND = {
    "school": "请选择学校",
    "name": "请填写姓名",
    "student_no": "请填写学号",
    "id_no": "请填写身份证号",
}
ASK = {"login": "请填写登录名", "mobile": "请填写手机号或邮箱"}
SET = {"code": "请填写收到的验证码", "new": "请填写新密码"}


@bp.route("/bind", methods=["GET", "POST"])
@public
def bind_record() -> Any:
    """A graduate binds the own record of the register, then sets a password (A01)."""
    if request.method != "POST":
        return bind_page({})
    missing = {key: text for key, text in BIND.items() if not request.form.get(key, "").strip()}
    if missing:
        return bind_page(missing), 422
    school, name, student_no, id_no = (request.form[key] for key in BIND)
    bound = bind(db(), school, name, student_no, id_no, moment(), address())
    db().commit()
    enter(bound)
    flash("已绑定，请设置自己的密码", "good")
    return redirect(url_for("account.password"), 303)


@bp.errorhandler(NotBound)
@bp.errorhandler(BoundAlready)
def refuse_binding(error: CaseError) -> Any:
    return bind_page({"student_no": f"{error.story}{error.way_out}"}), error.status


def bind_page(errors: dict[str, str]) -> str:
    typed = {key: request.form.get(key, "") for key in ("school", "name", "student_no")}
    return render_template(
        "auth/bind.html", errors=errors, typed=typed, schools=known_schools(db())
    )


@bp.post("/graduates/<uuid:graduate_id>/release")
@for_roles("office")
def release_record(graduate_id: Any) -> Any:
    """The office ends a binding, so that the right person can bind (A02)."""
    release(db(), actor(), graduate_id, moment(), address())
    db().commit()
    flash("已解除绑定，原来的密码和登录立即失效，本人可以重新绑定", "good")
    return redirect(url_for("graduates.show", graduate_id=graduate_id), 303)


@bp.route("/recover", methods=["GET", "POST"])
@public
def recover() -> Any:
    """Have a code sent to the own mobile or mail address (A07)."""
    if request.method != "POST":
        return ask_page({})
    missing = {key: text for key, text in ASK.items() if not request.form.get(key, "").strip()}
    if missing:
        return ask_page(missing), 422
    ask_code(db(), request.form["login"], request.form["mobile"], moment(), address())
    db().commit()
    return set_page({})


@bp.post("/recover/password")
@public
def recover_password() -> Any:
    """The code and a new password."""
    missing = {key: text for key, text in SET.items() if not request.form.get(key, "").strip()}
    if not missing and request.form["new"] != request.form.get("again", ""):
        missing = {"again": "两次输入的新密码不一样"}
    if missing:
        return set_page(missing), 422
    login, mobile = (request.form.get(key, "") for key in ASK)
    code, new = (request.form[key] for key in SET)
    set_anew(db(), login, mobile, code, new, moment(), address())
    db().commit()
    flash("新密码已保存，请用它登录", "good")
    return redirect(url_for("auth.log_in"), 303)


@bp.errorhandler(NotAMobile)
def refuse_number(error: CaseError) -> Any:
    return ask_page({"mobile": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(NotRecovered)
def refuse_code(error: CaseError) -> Any:
    return set_page({"code": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(WeakPassword)
def refuse_weak(error: CaseError) -> Any:
    return set_page({"new": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(TooManyTries)
def refuse_haste(error: CaseError) -> Any:
    """Where the try was made, the same page says how long to wait."""
    shown = {
        "coming_in.bind_record": (bind_page, "student_no"),
        "coming_in.recover_password": (set_page, "code"),
    }
    page, field = shown.get(request.endpoint or "", (ask_page, "login"))
    return page({field: f"{error.story}"}), error.status


def ask_page(errors: dict[str, str]) -> str:
    typed = {key: request.form.get(key, "") for key in ASK}
    return render_template("auth/recover.html", errors=errors, typed=typed)


def set_page(errors: dict[str, str]) -> str:
    typed = {key: request.form.get(key, "") for key in ASK}
    return render_template("auth/recover_password.html", errors=errors, typed=typed)


@bp.get("/login/with/<provider>")
@public
def leave(provider: str) -> Any:
    """Go to an outside identity provider; who is logged in comes back bound to it (A04)."""
    found = provider_named(provider)
    visit["identity_state"] = secrets.token_urlsafe(24)
    return redirect(found.address(visit["identity_state"], back_address(provider)), 303)


@bp.get("/login/back/<provider>")
@public
def come_back(provider: str) -> Any:
    """Come back from the provider: log in, or bind what was proved to the own record."""
    found = provider_named(provider)
    state = visit.pop("identity_state", "")
    if not state or not hmac.compare_digest(state, request.args.get("state", "")):
        abort(400)
    subject = found.subject(request.args.to_dict(), back_address(provider))
    if not subject:
        flash(f"没有从{found.label}得到您的身份，请再试一次，或用密码登录", "wait")
        return redirect(url_for("auth.log_in"), 303)
    return known_or_new(found, Identity(provider, subject))


def known_or_new(provider: IdentityProvider, identity: Identity) -> Any:
    here = actor_or_nobody()
    if here is not None and here.role == "graduate":
        vouch(db(), here, identity, moment())
        db().commit()
        flash(f"已绑定{provider.label}，以后可以用它登录", "good")
        return redirect(url_for("account.show"), 303)
    known = find_vouched(db(), identity)
    if known is None:
        flash(f"这个{provider.label}账号还没有绑定。请先登录，再到“我的信息”里绑定", "wait")
        return redirect(url_for("auth.log_in"), 303)
    enter(known)
    return redirect(url_for("auth.index"), 303)


def provider_named(key: str) -> IdentityProvider:
    found = providers(current_app.config["QIANYUE"].identity).get(key)
    if found is None:
        abort(404)
    return found


def back_address(key: str) -> str:
    public: str = current_app.config["QIANYUE"].public_url
    return public + url_for("coming_in.come_back", provider=key)
