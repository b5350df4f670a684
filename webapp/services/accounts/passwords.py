"""Passwords and one-time activation codes: what is stored, what is checked, what is refused.

A password is kept as Argon2id. An activation code has 59 random bits, so a fast keyed hash
(HMAC-SHA256 with a key of this installation) is enough: thousands of accounts are made in a
second, and a stolen database alone opens none of them. Codes expire and end with the first
password.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import unicodedata
import uuid
from datetime import datetime, timedelta
from functools import cache, lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ...config import Config, load_config
from ...errors import CaseError

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 12
MARK = "activation"
CODE_LIVES = timedelta(days=180)
RESET_LIVES = timedelta(days=7)
SHORTEST, LONGEST = 10, 200
COMMON_WORDS = """password passw0rd qwerty qwertyuiop asdfghjkl letmein iloveyou woaini woaini1314
    admin administrator welcome 123456 1234567890 12345678910 0123456789 987654321 9876543210
    1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc qazwsxedc qwer1234 asdf1234 zxcvbnm abc123456
    a123456789 aa123456789 qianyue 13800138000 5201314 52013141314 monkey dragon sunshine"""
COMMON = frozenset(COMMON_WORDS.split())


class WeakPassword(CaseError):
    """The new password breaks a rule; the story says which."""

    status = 422
    title = "换一个密码"
    way_out = f"至少 {SHORTEST} 个字符，可以用一句您记得住的话。"


hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return hasher.hash(_folded(password))


def verify(stored: str, typed: str, person_id: uuid.UUID | None, now: datetime) -> bool:
    """Whether `typed` is the password or the live activation code behind `stored`.

    One Argon2 computation in every case, so an unknown login, an account that was never
    activated and a wrong password take the same time.
    """
    is_code = stored.startswith(f"{MARK}$")
    matches = False
    with contextlib.suppress(VerificationError, InvalidHashError):
        matches = hasher.verify(_nobody() if is_code or not stored else stored, _folded(typed))
    if is_code and person_id is not None:
        return _verify_code(stored, typed, person_id, now)
    return matches and bool(stored)


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return not stored.startswith(f"{MARK}$") and hasher.check_needs_rehash(stored)


def new_activation(
    person_id: uuid.UUID, now: datetime, lives: timedelta = CODE_LIVES
) -> tuple[str, str]:
    """The hash to store and the one-time code to hand out, such as 7KQM-2XWP-9DHT."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    spoken = "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))
    return activation_hash(person_id, spoken, now, lives), spoken


def activation_hash(person_id: uuid.UUID, code: str, now: datetime, lives: timedelta) -> str:
    """What is stored of a one-time code: when it ends and a keyed digest."""
    until = int((now + lives).timestamp())
    return f"{MARK}${until}${_code_hash(person_id, until, code.replace('-', ''))}"


def check_strength(password: str, login: str, name: str = "") -> None:
    """Raise WeakPassword for what is short, common, repeated or part of the login."""
    folded = _folded(password)
    bare = "".join(folded.lower().split())
    if len(folded) < SHORTEST:
        raise WeakPassword(f"密码要有 {SHORTEST} 个字符，现在是 {len(folded)} 个。")
    if len(folded) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符。")
    if login and (login.lower() in bare or bare in login.lower()):
        raise WeakPassword("密码里不要包含登录名或学号。")
    if name and bare.replace(name.lower(), "").isdigit() and name.lower() in bare:
        raise WeakPassword("密码不要由姓名加数字组成。")
    if bare in COMMON or len(set(bare)) < 4 or bare in "01234567890123456789":
        raise WeakPassword("这个密码太常见，容易被猜到。")


def _verify_code(stored: str, typed: str, person_id: uuid.UUID, now: datetime) -> bool:
    _, until, kept = stored.split("$")
    code = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c in ALPHABET)
    right = hmac.compare_digest(kept, _code_hash(person_id, int(until), code))
    return right and now.timestamp() < int(until)


def _code_hash(person_id: uuid.UUID, until: int, code: str) -> str:
    message = f"{person_id.hex}:{until}:{code}".encode()
    return hmac.new(_key(load_config()), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(config: Config) -> bytes:
    return config.key("activation")


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows, checked where there is none."""
    return hasher.hash(secrets.token_hex(16))


def _folded(password: str) -> str:
    """One form for what looks the same, however a keyboard sends it."""
    return unicodedata.normalize("NFKC", password)
