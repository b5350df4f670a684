"""What the page for importing a diagram shows: the file, what became of it, what is still asked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from processes.importing import Imported, Note
from processes.importing.notes import LABELS, ORDER
from processes.roles import Role
from processes.safe_xml import MAX_BYTES

TONES = {"refused": "bad", "missing": "wait", "translated": "flow", "understood": "plain"}
WORDS = {
    "refused": "不能导入",
    "missing": "还缺少的",
    "translated": "改写了的",
    "understood": "认得、但不起作用的",
}
ROLES = [(role.value, role.label) for role in Role if role is not Role.SYSTEM]


@dataclass(frozen=True)
class NoteLine:
    """A note as the page shows it; `key` names its tick, "" where nothing is to be confirmed."""

    note: Note
    key: str
    ticked: bool


@dataclass
class ImportPage:
    """Everything the page needs. `errors` maps ids of fields to what is wrong."""

    typed: Mapping[str, str]
    name: str = ""
    kept: str = ""
    found: Imported | None = None
    ticked: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    standing: int | None = None  # the revision of a draft that stands in the way

    @property
    def sections(self) -> list[tuple[str, str, list[NoteLine]]]:
        """Tone, heading and lines of each kind, the gravest first."""
        if self.found is None:
            return []
        return [
            (TONES[kind], WORDS[kind], [self.line(note) for note in self.found.of_kind(kind)])
            for kind in ORDER
            if self.found.of_kind(kind)
        ]

    def line(self, note: Note) -> NoteLine:
        key = tick_of(note) if note.asks and note.kind == "translated" else ""
        return NoteLine(note, key, key in self.ticked)

    @property
    def unticked(self) -> list[Note]:
        """What waits for a person's yes."""
        if self.found is None:
            return []
        return [note for note in self.found.to_confirm if tick_of(note) not in self.ticked]

    @property
    def counts(self) -> str:
        found = self.found
        assert found is not None
        return "，".join(
            f"{LABELS[kind]} {len(found.of_kind(kind))} 条" for kind in ORDER if found.of_kind(kind)
        )


def tick_of(note: Note) -> str:
    """A name for the tick that stays with what it confirms: another text needs another yes."""
    told = "\0".join((note.rule, note.element, note.message, note.before, note.after))
    return f"ok-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def pack(data: bytes) -> str:
    """The uploaded file as text for a hidden field, so a page that comes back still has it."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpack(text: str) -> bytes:
    """The file from a hidden field; b"" for what is none. Never more than a diagram may have."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), MAX_BYTES + 1)
    except (ValueError, binascii.Error, zlib.error):
        return b""
