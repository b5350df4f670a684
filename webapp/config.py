"""What an installation may set, read from the environment once.

`DATABASE_URL` (default: SQLite in the instance folder), `QIANYUE_INSTANCE` (folder of database,
keys and files), `QIANYUE_URL` (address people reach us at, printed in QR codes),
`QIANYUE_CHANNEL` (`console` or `file`: where messages go whose channel is not connected), `QIANYUE_PROXIES` (how
many proxies before us are trusted to say who asks; 0 means that nobody is).

Channels are connected by `QIANYUE_SMTP_URL` and `QIANYUE_MAIL_FROM`, `QIANYUE_SMS_URL` and
`QIANYUE_SMS_KEY`, `QIANYUE_WECHAT_APPID`, `QIANYUE_WECHAT_SECRET` and `QIANYUE_WECHAT_TEMPLATE`.
`QIANYUE_IDENTITY` names outside identity providers (`services/identity_providers.py`).
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path

NEEDS = {
    "smtp_url": ("mail_from",),
    "sms_url": ("sms_key",),
    "wechat_appid": ("wechat_secret", "wechat_template"),
}
HOUSE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outside:
    """The providers that carry messages out of the house; empty where none is connected."""

    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    sms_url: str = ""
    sms_key: str = field(default="", repr=False)
    wechat_appid: str = ""
    wechat_secret: str = field(default="", repr=False)
    wechat_template: str = ""
    wechat_url: str = "https://api.weixin.qq.com"
    wechat_entry: str = "https://open.weixin.qq.com"


@dataclass(frozen=True)
class Config:
    """The settings of this installation."""

    instance: Path
    database_url: str
    public_url: str
    channel: str
    proxies: int = 0
    outside: Outside = field(default_factory=Outside)
    identity: str = ""

    def key(self, name: str) -> bytes:
        """A secret of this installation: from `QIANYUE_<NAME>_KEY`, else a file made on first use."""
        given = os.environ.get(f"QIANYUE_{name.upper()}_KEY")
        if given:
            return given.encode()
        return _key_file(self.instance / f"{name}.key")


def load_config() -> Config:
    """The settings as the environment gives them now."""
    instance = Path(os.environ.get("QIANYUE_INSTANCE", HOUSE / "instance"))
    return Config(
        instance=instance,
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{instance / 'qianyue.db'}"),
        public_url=os.environ.get("QIANYUE_URL", "http://127.0.0.1:8000").rstrip("/"),
        channel=os.environ.get("QIANYUE_CHANNEL", "file"),
        proxies=_count(os.environ.get("QIANYUE_PROXIES", "0")),
        outside=_outside(),
        identity=os.environ.get("QIANYUE_IDENTITY", ""),
    )


def _outside() -> Outside:
    """The connected providers; one that is connected by half stops the start."""
    given = {one.name: os.environ.get(f"QIANYUE_{one.name.upper()}", "") for one in fields(Outside)}
    for first, others in NEEDS.items():
        missing = [f"QIANYUE_{name.upper()}" for name in others if not given[name]]
        if given[first] and missing:
            raise SystemExit(f"设置了 QIANYUE_{first.upper()}，还要设置 {'、'.join(missing)}")
    return Outside(**{name: value for name, value in given.items() if value})


def _count(text: str) -> int:
    """A number of proxies; what is none stops the start rather than trust too many."""
    if not (text.isascii() and text.isdigit() and int(text) <= 10):
        raise SystemExit(f"QIANYUE_PROXIES 要填 0 到 10 的整数，现在是 {text!r}")
    return int(text)


def _key_file(path: Path) -> bytes:
    """The key in `path`. Written to a file of its own and linked, so two starters agree on one key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip().encode()
