"""What an import says afterwards: every fault with its place, and what was created or changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class UnusableFile(Exception):
    """The file cannot be read as a table at all; `story` says why and `way_out` what to do."""

    def __init__(self, story: str, way_out: str) -> None:
        super().__init__(story)
        self.story = story
        self.way_out = way_out


@dataclass(frozen=True)
class Remark:
    """One fault or doubt, at its place in the file. Rows count as the spreadsheet shows them."""

    severity: str  # "error" stops the import, "warning" does not
    reason: str
    way_out: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    @property
    def text(self) -> str:
        """The whole sentence, such as 第 17 行「身份证号」：校验位不符."""
        sheet = f"工作表「{self.sheet}」" if self.sheet else ""
        row = f"第 {self.row} 行" if self.row is not None else ""
        place = f"{sheet}{row}" + (f"「{self.column}」" if self.column else "")
        sentence = f"{place}：{self.reason}" if place else self.reason
        return f"{sentence}。{self.way_out}" if self.way_out else sentence

    def as_dict(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
            "way_out": self.way_out,
            "text": self.text,
        }


@dataclass(frozen=True)
class Change:
    """A row of the register that the file changes: the columns, with old and new value."""

    key: str
    name: str
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Secret:
    """A one-time activation code to hand out. Only its keyed hash is stored (A03)."""

    login: str
    name: str
    code: str
    place: str = ""
    key: str = ""


@dataclass
class ImportReport:
    """The result of one import. `secrets` is never part of `as_dict`, logs or pages kept."""

    kind: str
    filename: str
    layout: str = ""
    rows: int = 0
    unusable: bool = False
    dry_run: bool = False
    address: str = ""
    remarks: list[Remark] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    updated: list[Change] = field(default_factory=list)
    unchanged: int = 0
    confirm_again: list[str] = field(default_factory=list)
    new_colleges: list[str] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list, repr=False)

    @property
    def errors(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.severity == "error"]

    @property
    def warnings(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.severity == "warning"]

    @property
    def accepted(self) -> bool:
        """Whether the file was taken in. One error anywhere, and nothing was."""
        return not self.unusable and not any(r.severity == "error" for r in self.remarks)

    @property
    def exit_status(self) -> int:
        """0 taken in, 1 findings, 2 unusable file."""
        return 2 if self.unusable else int(not self.accepted)

    @property
    def summary(self) -> str:
        if self.unusable:
            return f"没有导入：{self.filename} 无法读取"
        if not self.accepted:
            return f"没有导入任何一行：共 {len(self.errors)} 处需要修改。改好后重新上传整个文件"
        parts = [
            f"新增 {len(self.created)}",
            f"更新 {len(self.updated)}",
            f"无变化 {self.unchanged}",
        ]
        if self.confirm_again:
            parts.append(f"其中 {len(self.confirm_again)} 人需要重新确认基本信息")
        start = "试运行，没有写入：" if self.dry_run else "已导入："
        return f"{start}{self.rows} 行，" + "，".join(parts)

    def error(self, reason: str, way_out: str = "", **place: Any) -> None:
        self.remarks.append(Remark("error", reason, way_out, **place))

    def warn(self, reason: str, way_out: str = "", **place: Any) -> None:
        self.remarks.append(Remark("warning", reason, way_out, **place))

    def refuse(self, fault: UnusableFile) -> ImportReport:
        """This report, saying that the file cannot be used."""
        self.unusable = True
        self.error(fault.story, fault.way_out)
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "filename": self.filename,
            "layout": self.layout,
            "summary": self.summary,
            "accepted": self.accepted,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "created": self.created,
            "updated": [
                {"key": c.key, "name": c.name, "fields": {k: list(v) for k, v in c.fields.items()}}
                for c in self.updated
            ],
            "unchanged": self.unchanged,
            "confirm_again": self.confirm_again,
            "new_colleges": self.new_colleges,
            "accounts": len(self.secrets),
            "errors": [remark.as_dict() for remark in self.errors],
            "warnings": [remark.as_dict() for remark in self.warnings],
        }
