"""What we say about a diagram: one finding for each fault, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """A fault: where it is, what is wrong and how to get out of it.

    `element` is the id in the diagram ("" when the fault concerns the whole file), `line` counts
    from 1 (0 when no line can be named). `message` and `way_out` are Chinese sentences.
    """

    rule: str
    severity: Severity
    element: str
    name: str
    line: int
    message: str
    way_out: str

    @property
    def forbids_running(self) -> bool:
        """Whether a diagram with this finding may not run."""
        return self.severity == "error"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Finding:
        """Build a finding from what `as_dict` gave."""
        return cls(**values)

    def __str__(self) -> str:
        """Read as one line: where, what, and what to do."""
        mark = "错误" if self.forbids_running else "提醒"
        where = f"第 {self.line} 行" if self.line else "整个文件"
        what = " ".join(
            part for part in (self.element, f"「{self.name}」" if self.name else "") if part
        )
        return f"{where} {mark} {what}：{self.message}{self.way_out}".replace(" ：", "：")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by line, errors first within a line, each finding once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda f: (f.line, f.severity, f.element, f.rule, f.message))
