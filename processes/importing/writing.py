"""Rewrites what other tools write into flows and timers: conditions, durations, moments."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from processes import node_reading as nodes
from processes.durations import IsoError, literal_in, parse_cycle, parse_duration, parse_moment
from processes.expressions import ExpressionError, compile_expression
from processes.importing.formulas import NotTranslated, translate
from processes.importing.workpiece import Workpiece
from processes.node_reading import Node, local

_TIMES = ("timeDuration", "timeDate", "timeCycle")
_PARSERS = {"timeDuration": parse_duration, "timeDate": parse_moment, "timeCycle": parse_cycle}
_FRACTION = re.compile(r"(\d+)\.(\d+)([HMS])")
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})\Z")
_UNIT = {"H": 3600, "M": 60, "S": 1}


def write_conditions(piece: Workpiece, process: Node, names: Mapping[str, str]) -> None:
    """Turn every condition into our language; what cannot be is said, and stays."""
    for condition in piece.bpmn("conditionExpression", within=process):
        flow = condition.getparent()
        text = nodes.text_of(condition)
        if not text:
            _drop_empty(piece, condition)
            continue
        try:
            result = translate(text, names)
        except NotTranslated as failure:
            if not _is_ours(text):
                piece.note(
                    "missing",
                    "condition_unreadable",
                    condition,
                    f"条件“{text[:80]}”不能自动改写：{failure.reason}",
                    "请在编辑器里用下拉框重新选择条件。",
                    asks=True,
                )
            continue
        if result != text:
            parts = list(condition.iter("*"))
            piece.write(condition, result)
            for attribute in ("language", "evaluatesToTypeRef"):
                condition.attrib.pop(attribute, "")
            piece.note(
                "translated",
                "condition",
                condition if flow is None else flow,
                "条件已改写成本系统的写法",
                "请确认意思没有变。",
                asks=True,
                before=text,
                after=result,
                also=parts,
            )


def _is_ours(text: str) -> bool:
    try:
        compile_expression(text)
    except ExpressionError:
        return False
    return True


def _drop_empty(piece: Workpiece, condition: Node) -> None:
    parts = list(condition.iter("*"))
    story, way_out = "空的条件已去掉", "需要条件时请写上。"
    piece.note("translated", "condition", condition, story, way_out, also=parts)
    piece.remove(condition)


def write_timers(piece: Workpiece, process: Node, names: Mapping[str, str]) -> None:
    """Turn every timer's text into one that we read; what cannot be is said, and stays."""
    for time in piece.bpmn(*_TIMES, within=process):
        text = nodes.text_of(time)
        try:
            result, exact = _timed(local(time), text, names)
        except NotTranslated as failure:
            piece.note(
                "missing",
                "timer_unreadable",
                time,
                f"定时“{text[:80]}”不能自动改写：{failure.reason}",
                "请改成 P5D（5 天）、PT12H（12 小时）、日期，或表单里的时间字段。",
                asks=True,
            )
            continue
        if result != text:
            parts = list(time.iter("*"))
            piece.write(time, result)
            piece.note(
                "translated",
                "timer",
                time,
                "定时已改写成本系统的写法" + ("" if exact else "，不足一秒的部分进到整秒"),
                "请确认时间没有变。",
                asks=True,
                before=text,
                after=result,
                also=parts,
            )


def _timed(kind: str, text: str, names: Mapping[str, str]) -> tuple[str, bool]:
    """The text that we read, and whether it is exactly as long."""
    plain = text.strip()
    if not plain:
        raise NotTranslated("没有写时间")
    inside = re.fullmatch(r"[#$]\{\s*(['\"])(.*)\1\s*\}|=\s*(\")(.*)\"", plain)
    plain = (inside[2] or inside[4] or "") if inside else plain
    literal = literal_in(plain)
    if literal is None:
        if re.fullmatch(r"[\d*?/,\- LWA-Z#]+", plain) and len(plain.split()) >= 5:
            raise NotTranslated("这是 cron 写法")
        return translate(plain, names), True
    tidied, exact = _tidied(literal)
    try:
        _PARSERS[kind](tidied)
    except IsoError as error:
        raise NotTranslated(error.message) from None
    return (plain, True) if tidied == literal else (tidied, exact)


def _tidied(literal: str) -> tuple[str, bool]:
    """Whole seconds, an offset with a colon, no T that nothing follows."""
    found = _FRACTION.search(literal)
    exact = True
    if found and "T" in literal[: found.start()] and "P" in literal[: found.start()]:
        seconds = float(f"{found[1]}.{found[2]}") * _UNIT[found[3]]
        exact = seconds == int(seconds)
        literal = f"{literal[: found.start()]}{max(1, math.ceil(seconds))}S{literal[found.end() :]}"
    if re.fullmatch(r"\d{4}-.*", literal):
        literal = _OFFSET.sub(r"\1:\2", literal)
    return re.sub(r"\AP(\d+[YMWD])+T\Z", lambda m: m[0][:-1], literal), exact
