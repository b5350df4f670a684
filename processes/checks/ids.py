"""Can conditions and history quote the ids?"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from processes.checks.inspection import PRODUCERS, ROOTS, Inspection, about
from processes.findings import Finding

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_QUOTABLE = re.compile(r"[^\s/\\'\"<>\[\]]+\Z")


def look(inspection: Inspection) -> Iterator[Finding]:
    """An id with a slash or a reserved word is refused; one that is no word is remarked."""
    for element in inspection.diagram.elements.values():
        makes_values = element.kind in PRODUCERS
        for name in element.writes:
            if name in ROOTS or keyword.iskeyword(name) or not _WORD.match(name):
                yield about(
                    element,
                    f"数据对象的编号 {name} 不是英文单词，或是系统保留的词，条件里无法引用。",
                    "请换一个编号，例如 Agreement。",
                )
        if not _QUOTABLE.match(element.id):
            yield about(
                element,
                "编号里有空格、斜杠、引号或方括号，办理记录无法引用它。",
                "请改成英文单词，例如 Review_agreement。",
            )
        elif makes_values and (element.id in ROOTS or keyword.iskeyword(element.id)):
            yield about(
                element,
                f"编号 {element.id} 是系统保留的词，条件里会认错。",
                "请换一个编号，例如 Review_agreement。",
            )
        elif makes_values and not _WORD.match(element.id):
            yield about(
                element,
                f"编号 {element.id} 不是英文单词，条件里无法引用这一步。",
                "需要引用时，请改成英文字母、数字和下划线，例如 Review_agreement。",
                severity="warning",
            )
