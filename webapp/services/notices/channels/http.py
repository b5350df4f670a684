"""A small JSON request with a time limit, and what its failures mean for a message."""

from __future__ import annotations

import http.client
import ssl
from typing import Any
from urllib.parse import urlsplit

import orjson

from . import NotSent

SECONDS = 10
LARGEST_ANSWER = 64 * 1024


def ask(
    method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The provider's JSON answer. Raises NotSent, which knows whether the request got there."""
    place = urlsplit(url)
    connection = open_connection(place.scheme, place.hostname or "", place.port)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        connection.connect()
    except OSError as error:
        raise NotSent(f"连不上 {place.hostname}：{say(error)}") from error
    try:
        connection.request(method, target, body or None, headers or {})
        answer = connection.getresponse()
        content = answer.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        told = f"{place.hostname} 没有答复：{say(error)}"
        raise NotSent(told, unsure=method == "POST") from error
    finally:
        connection.close()
    if answer.status >= 300:
        raise NotSent(f"{place.hostname} 答复 HTTP {answer.status}")
    return parsed(content, place.hostname or "", method)


def open_connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def parsed(content: bytes, host: str, method: str) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise NotSent(f"{host} 的答复看不懂", unsure=method == "POST")
    return found


def say(error: BaseException) -> str:
    """A failure in few words, without the request, which may hold a secret."""
    return f"{type(error).__name__} {getattr(error, 'strerror', None) or ''}".strip()
