"""What every request and every answer must satisfy: who may open what, CSRF, headers, cookies.

The gates stand in one place and in order: logged in, right role, own password, base data confirmed.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, flash, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import Forbidden

from webapp import current
from webapp.access import EVERYBODY, open_to
from webapp.models import Graduate
from webapp.services.cases.tasks import family_of
from webapp.session_cookie import PageCookie

csrf = CSRFProtect()

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
BEFORE_PASSWORD = {"account.password", "auth.log_out", "demo.switch", "demo.move_clock"}
BEFORE_BASE_DATA = {"account.base_data", *BEFORE_PASSWORD}
CORRECTION = "base_data"
STARTS = {"starts.show", "starts.start"}
OF_CASE = {
    *("tasks.show", "tasks.answer", "tasks.draft", "tasks.pick", "documents.upload"),
    *("cases.show", "cases.ask_withdraw", "cases.withdraw", "cases.diagram", "cases.tokens"),
}


def secure(app: Flask) -> None:
    """Put the gates and the headers before and behind every view."""
    app.session_interface = PageCookie()
    csrf.init_app(app)
    current.login_manager.init_app(app)
    app.before_request(check_entry)
    app.after_request(add_headers)


def cookie_settings(secure_cookies: bool) -> dict[str, Any]:
    """Cookies that scripts cannot read and other sites cannot send along."""
    return {
        "SESSION_COOKIE_NAME": "qianyue",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure_cookies,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": secure_cookies,
    }


def check_entry() -> Any:
    """Let through who may open this address; send others where they can go on."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    roles = open_to(current_app, endpoint)
    if roles == EVERYBODY:
        return None
    if not current_user.is_authenticated:
        return ask_to_log_in()
    if current.actor().role not in roles:
        raise Forbidden
    return gate(endpoint)


def gate(endpoint: str) -> Any:
    """Nothing else opens before the initial password is changed and the base data are confirmed (B01)."""
    if current.person().must_change_password and endpoint not in BEFORE_PASSWORD:
        return redirect(url_for("account.password"), 303)
    if endpoint in BEFORE_BASE_DATA or base_data_confirmed():
        return None
    if not is_about_base_data(endpoint, request.view_args or {}):
        return redirect(url_for("account.base_data"), 303)
    return None


def is_about_base_data(endpoint: str, values: dict[str, Any]) -> bool:
    """Whether the address belongs to a correction of the base data: wrong ones cannot be confirmed (B02)."""
    if endpoint in STARTS:
        return values.get("family") == CORRECTION
    if endpoint in OF_CASE:
        return family_of(current.db(), values) == CORRECTION
    return False


def base_data_confirmed() -> bool:
    actor = current.actor()
    if actor.role != "graduate":
        return True
    graduate = current.db().get(Graduate, actor.graduate_id)
    return graduate is not None and graduate.base_data_confirmed_at is not None


def is_gated() -> bool:
    """Whether the person stands before a gate, so that the page offers no ways past it."""
    if not current_user.is_authenticated:
        return False
    return current.person().must_change_password or not base_data_confirmed()


def ask_to_log_in() -> Any:
    if request.method != "POST":
        return redirect(url_for("auth.log_in", next=request.full_path.rstrip("?")), 303)
    flash("登录已过期，请重新登录后再提交", "wait")
    return redirect(url_for("auth.log_in"), 303)


def is_own_address(target: str) -> bool:
    """Whether a `next` stays on this site: a path of ours, never another host."""
    return target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target


def add_headers(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
