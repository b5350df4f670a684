"""Imports a stranger's file in a process of its own, which can be killed.

Whatever the file does, the caller gets an answer in time: a file that cannot be finished is
refused, and says so.
"""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from processes.importing.notes import (
    Imported,
    Note,
    ProcessChoice,
    RoleQuestion,
    Trial,
    gathered,
    refused,
)
from processes.killable import NoAnswer, ask, packed
from processes.safe_xml import UnreadableDiagram, refuse_large
from processes.sandbox import FormFacts

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.importing.import_worker")


def import_in_process(
    data: bytes,
    name: str = "",
    *,
    process: str | None = None,
    roles: Mapping[str, str] | None = None,
    called: Mapping[str, bytes] | None = None,
    forms: FormFacts | None = None,
    seconds: float = 10.0,
    megabytes: int = 1024,
    patience: float | None = None,
) -> Imported:
    """What `import_diagram` says, within `seconds` of processor time and `megabytes` of memory.

    `patience` bounds the clock instead, for a machine that is busy otherwise. Never raises for
    what is in the file.
    """
    begun = time.monotonic()
    try:
        refuse_large(len(data))
    except UnreadableDiagram as refusal:
        notes = [refused(f.rule, f.message, f.way_out, f.line) for f in refusal.findings]
        return Imported(name, "refused", None, gathered(notes), {})
    order = {
        "source": name,
        "data": packed(data),
        "process": process,
        "roles": dict(roles or {}),
        "called": {id_: packed(file) for id_, file in (called or {}).items()},
        "forms": forms,
    }
    wait = seconds if patience is None else patience
    found = _ordered(name, order, seconds, megabytes, wait)
    return replace(found, seconds=time.monotonic() - begun)


def _ordered(
    name: str, order: Mapping[str, Any], seconds: float, megabytes: int, wait: float
) -> Imported:
    try:
        return _read(ask(WORKER, order, seconds, megabytes, wait))
    except NoAnswer as none:
        return _stopped(name, "time" if none.why == "killed" else none.why, seconds)
    except (ValueError, KeyError, TypeError):
        return _stopped(name, "crash", seconds)


def _read(values: dict[str, Any]) -> Imported:
    diagram, trial = values["diagram"], values["trial"]
    return Imported(
        **{
            **values,
            "diagram": None if diagram is None else base64.b64decode(diagram),
            "notes": tuple(map(Note.from_dict, values["notes"])),
            "processes": tuple(ProcessChoice(**one) for one in values["processes"]),
            "roles": tuple(
                RoleQuestion(**{**one, "elements": tuple(one["elements"])})
                for one in values["roles"]
            ),
            "trial": None
            if trial is None
            else Trial(trial["states"], tuple(trial["ends"]), trial["complete"]),
        }
    )


_STORIES = {
    "time": "导入超过了 {seconds:g} 秒，已经停止：这张图过于庞大或复杂，或者含有会拖垮系统的内容",
    "memory": "导入占用的内存超过了允许的范围，已经停止",
    "crash": "导入中途出错，这是本系统的问题",
}
_WAYS_OUT = {
    "time": "请把图拆成几张再试；如果是正常的图，请稍后再试一次。",
    "memory": "请确认文件来自流程图编辑器；图很大时，请拆成几张。",
    "crash": "请把这个文件交给系统维护人员；原文件没有改动。",
}


def _stopped(name: str, why: str, seconds: float) -> Imported:
    note = refused("import_stopped", _STORIES[why].format(seconds=seconds), _WAYS_OUT[why])
    return Imported(name, "refused", None, (note,), {}, stopped=why)
