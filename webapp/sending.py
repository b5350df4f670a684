"""Files as answers: their name in Chinese, and a policy under which nothing in them can act."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

PDF = "application/pdf"


def send(content: bytes, filename: str, kind: str, inline: bool) -> Response:
    """The bytes as a file to look at (`inline`) or to keep."""
    answer = Response(content, mimetype=kind)
    how = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename)}"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return answer
