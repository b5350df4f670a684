"""When the cookie of a visit is sent again: with pages, never with what a page loads behind them.

A draft saved in the background or a picture still loading carries the cookie of the moment it was
asked for. Sent back after a submission, it would undo what the submission had put there, such as
the message for the next page.
"""

from __future__ import annotations

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class PageCookie(SecureCookieSessionInterface):
    """Flask's signed cookie; a visit is prolonged by pages alone."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or response.mimetype == "text/html":
            super().save_session(app, session, response)
