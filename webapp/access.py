"""Who may open which address: every view says so, and a view that does not say is refused.

The roles stand on the view itself, so the permission test can read them off the map of addresses.
What a person sees behind an address (own college, own cases) is the services' matter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from webapp.models import ROLES

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = frozenset({"anonymous", *ROLES})
ALWAYS_OPEN = {"static"}


def public(view: View) -> View:
    """Anybody, logged in or not."""
    view.open_to = EVERYBODY  # type: ignore[attr-defined]
    return view


def logged_in(view: View) -> View:
    """Everybody who is logged in, whatever the role."""
    return for_roles(*ROLES)(view)


def for_roles(*roles: str) -> Callable[[View], View]:
    """Only people who are here in one of these roles."""

    def mark(view: View) -> View:
        view.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def open_to(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles an endpoint is open to; nobody where the view does not say."""
    if endpoint in ALWAYS_OPEN:
        return EVERYBODY
    return getattr(app.view_functions.get(endpoint), "open_to", frozenset())


def require_declarations(app: Flask) -> None:
    """Stop the start of an application that has an address nobody decided about."""
    silent = sorted(e for e in app.view_functions if not open_to(app, e))
    if silent:
        raise RuntimeError(f"these views do not say who may open them: {', '.join(silent)}")
