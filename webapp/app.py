"""Builds the web application: database, security, pages and the words every page knows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import current, error_pages, security
from webapp.access import require_declarations
from webapp.config import Config, load_config
from webapp.database import make_engine, make_sessions
from webapp.pages.frame import Frame, frame_for
from webapp.pages.wording import FILTERS

SUBJECTS = (
    "about",
    "account",
    "admin",
    "auth",
    "cards",
    "cases",
    "certification",
    "coming_in",
    "contacts",
    "design",
    "design_import",
    "form_design",
    "form_trial",
    "trying",
    "documents",
    "employers",
    "filings",
    "graduates",
    "guest_tasks",
    "guests",
    "inbox",
    "invitations",
    "jobs",
    "notices",
    "office",
    "posts",
    "outbox",
    "prints",
    "proving",
    "publishing",
    "variants",
    "moving",
    "covering",
    "heat",
    "simulating",
    "rescuing",
    "review",
    "review_edit",
    "settings",
    "signature",
    "signing",
    "starts",
    "tasks",
    "verify",
)
MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 64 * MEGABYTE
STATIC = Path(__file__).parent / "static"


def create_app(
    config: Config | None = None,
    *,
    demo: bool = False,
    sessions: sessionmaker[Session] | None = None,
    **settings: Any,
) -> Flask:
    """The application for this installation. `demo` adds the bar that switches roles and the clock.

    `sessions` stands in for the configured database, `settings` for Flask's own settings.
    """
    config = config or load_config()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=config.key("session"),
        DEMO=demo,
        QIANYUE=config,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        **security.cookie_settings(needs_secure_cookies(config, demo)),
    )
    app.config.update(settings)
    current.open_sessions(app, sessions or make_sessions(make_engine(config.database_url)))
    security.secure(app)
    error_pages.register(app)
    add_pages(app, demo)
    add_words(app)
    require_declarations(app)
    trust_proxies(app, config.proxies)
    return app


def trust_proxies(app: Flask, number: int) -> None:
    """Believe what so many proxies say of the client's address, host and TLS; others say nothing.

    Throttles and the audit then see who asks, not the proxy, and links keep their https.
    """
    if number:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_port=0, x_prefix=0
        )


def needs_secure_cookies(config: Config, demo: bool) -> bool:
    """Plain http is for this machine alone, and for the demonstration."""
    address = urlsplit(config.public_url)
    on_this_machine = address.hostname in ("127.0.0.1", "localhost", "::1")
    return not (demo or (address.scheme == "http" and on_this_machine))


def add_pages(app: Flask, demo: bool) -> None:
    for subject in (*SUBJECTS, "demo") if demo else SUBJECTS:
        app.register_blueprint(import_module(f"webapp.views.{subject}").bp)


def add_words(app: Flask) -> None:
    """What every template may say: dates, who acts, what waits, the CSRF field."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(csrf_field=csrf_field, static_file=static_file)
    app.context_processor(frame_words)


def frame_words() -> dict[str, Any]:
    frame = current_frame()
    return {
        "actor": current.actor_or_nobody(),
        "house": frame.house,
        "house_phone": frame.house_phone,
        "waiting_count": frame.waiting_count,
        "notice_count": frame.notice_count,
        "incident_count": frame.incident_count,
        "signing_count": frame.signing_count,
        "signs": frame.signs,
        "recruits": frame.recruits,
        "may_file": frame.may_file,
        "gated": security.is_gated(),
        "now": current.moment(),
        "demo": demo_bar(),
    }


def current_frame() -> Frame:
    """The frame of this request; a page made of parts asks once."""
    if "frame" not in g:
        g.frame = frame_for(current.db(), current.actor_or_nobody())
    frame: Frame = g.frame
    return frame


def demo_bar() -> Any:
    if not current_app.config["DEMO"]:
        return None
    describe: Callable[..., Any] = import_module("webapp.pages.demo").describe_demo
    return describe(current.db(), current.moment())


def csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


@lru_cache(maxsize=64)
def fingerprint(path: Path, changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_file(name: str) -> str:
    """The address of a static file, with a mark that changes when the file does."""
    path = STATIC / name
    mark = fingerprint(path, path.stat().st_mtime) if path.exists() else ""
    return url_for("static", filename=name, v=mark or None)
