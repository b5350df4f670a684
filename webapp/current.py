"""What the request in hand carries: a database session, the moment, and the person who acts.

Services never look here; views read it and pass it on as arguments.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.orm import Session

from webapp.clock import utc_now
from webapp.models import Person
from webapp.pages.paging import read_key
from webapp.services.accounts.actors import Actor, actors_of

login_manager = LoginManager()


class LoggedIn(UserMixin):  # type: ignore[misc]
    """A person with the membership chosen for this visit.

    The id in the cookie carries the moment of the last password change, so that a new password
    ends every older visit.
    """

    def __init__(self, person: Person, actor: Actor) -> None:
        self.person = person
        self.actor = actor

    def get_id(self) -> str:
        return ":".join([self.actor.membership_id.hex, password_stamp(self.person)])


def password_stamp(person: Person) -> str:
    changed = person.password_changed_at
    return f"{person.id.hex}:{changed.timestamp() if changed else 0:.0f}"


def open_sessions(app: Flask, sessions: Any) -> None:
    """Give every request one database session, closed at its end; what is not committed is undone."""
    app.extensions["sessions"] = sessions

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        session = g.pop("db", None)
        if session is not None:
            session.close()


def sessions() -> Any:
    """Makes sessions for work of many transactions; end the request's own with a commit first."""
    return current_app.extensions["sessions"]


def db() -> Session:
    """The session of this request, opened when first asked for."""
    if "db" not in g:
        g.db = current_app.extensions["sessions"]()
    return cast(Session, g.db)


def moment() -> datetime:
    """The moment of this request: the same for everything that happens in it."""
    if "moment" not in g:
        g.moment = utc_now(db())
    return cast(datetime, g.moment)


def actor() -> Actor:
    """The person who acts, with the chosen membership. Only behind an address that needs a log-in."""
    return cast(Actor, current_user.actor)


def enter(one: Actor) -> None:
    """Begin a visit: a fresh session, so that nothing of an earlier visitor stays."""
    session.clear()
    session.permanent = True
    login_user(LoggedIn(db().get_one(Person, one.person_id), one))


def person() -> Person:
    return cast(Person, current_user.person)


def actor_or_nobody() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def address() -> str:
    """Where this request comes from, as far as the trusted proxies say."""
    return request.remote_addr or ""


def keep_typed(labelled: list[dict[str, Any]]) -> None:
    """Remember what was typed in the words of its form, for an error page to give it back."""
    g.typed = labelled


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_logged_in(visit: str) -> LoggedIn | None:
    """The person of the cookie, unless blocked, with another password by now, or no longer a member."""
    parts = visit.split(":")
    if len(parts) != 3:
        return None
    membership_id, person_id = read_key(parts[0]), read_key(parts[1])
    if membership_id is None or person_id is None:
        return None
    found = db().get(Person, person_id)
    if found is None or found.blocked_at or ":".join(parts[1:]) != password_stamp(found):
        return None
    for one in actors_of(db(), person_id):
        if one.membership_id == membership_id:
            return LoggedIn(found, one)
    return None
