"""Codes that are sent but stored nowhere: each follows from its row's id and a key of this installation.

A copy of the database therefore tells none of them, and neither does the outbox.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

from ...config import load_config

DIGITS = 6
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONG = 12


def secret_of(seed: uuid.UUID, kind: str) -> str:
    """The secret behind a row: `code` is six digits, `activation` twelve letters in groups of four,
    `link` the 256 bits of a guest's token in base64url.
    """
    if kind == "link":
        return base64.urlsafe_b64encode(keyed(f"{kind}:{seed.hex}")).rstrip(b"=").decode()
    number = int.from_bytes(keyed(f"{kind}:{seed.hex}"), "big")
    if kind == "code":
        return f"{number % 10**DIGITS:0{DIGITS}}"
    if kind != "activation":
        raise ValueError(f"no secret is called {kind}")
    letters = []
    for _ in range(LONG):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    spoken = "".join(letters)
    return "-".join(spoken[at : at + 4] for at in range(0, LONG, 4))


def keyed(text: str) -> bytes:
    """A digest that only this installation can make."""
    return hmac.new(load_config().key("codes"), text.encode(), hashlib.sha256).digest()
