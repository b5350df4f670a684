"""Which process of the file runs, and whether it is marked so."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.importing.notes import ProcessChoice
from processes.importing.workpiece import Workpiece
from processes.kinds import FLOW_NODES
from processes.node_reading import Node, is_true, local, name_of


def choices(piece: Workpiece) -> list[tuple[Node, ProcessChoice]]:
    """The processes that have steps, in the order of the file."""
    pools = {
        piece.reference(pool.get("processRef")): name_of(pool) for pool in piece.bpmn("participant")
    }
    found = []
    for process in nodes.bpmn_children(piece.root, "process"):
        steps = sum(local(child) in FLOW_NODES for child in nodes.bpmn_children(process))
        if steps and process.get("id"):
            id_ = str(process.get("id"))
            name = name_of(process) or pools.get(id_, "")
            choice = ProcessChoice(id_, name, steps, is_true(process.get("isExecutable")))
            found.append((process, choice))
    return found


def choose(piece: Workpiece, wanted: str | None) -> Node | None:
    """Mark the process that runs, and no other; None where the file has none with steps.

    `wanted` is the id that a person chose; without it the only executable one, else the first.
    """
    found = choices(piece)
    if not found:
        return None
    named = [process for process, choice in found if choice.id == wanted]
    executable = [process for process, choice in found if choice.executable]
    clear = bool(named) or len(executable) == 1 or len(found) == 1
    chosen = (named or executable or [process for process, _ in found])[0]
    if len(found) > 1:
        _say_which(piece, chosen, [process for process, _ in found], clear)
    _mark(piece, chosen, len(found) > 1)
    for process, _ in found:
        if process is not chosen and is_true(process.get("isExecutable")):
            _unmark(piece, process)
    return chosen


def _say_which(piece: Workpiece, chosen: Node, all_: list[Node], clear: bool) -> None:
    others = [process for process in all_ if process is not chosen]
    names = "、".join(name_of(process) or str(process.get("id")) for process in others)
    piece.note(
        "understood" if clear else "translated",
        "several_processes",
        chosen,
        f"文件里有 {len(all_)} 个流程，运行的是这一个，其余只作图示：{names}",
        "要运行另一个，请在导入时选择它。",
        asks=not clear,
        also=others,
    )


def _mark(piece: Workpiece, process: Node, several: bool) -> None:
    written = process.get("isExecutable")
    if is_true(written):
        return
    piece.set(process, "isExecutable", "true")
    said_no = written is not None
    piece.note(
        "translated",
        "not_executable",
        process,
        "流程标记为不可执行，已改为可执行" if said_no else "流程没有标记是否可执行，已标为可执行",
        "如果这张图只是说明文档，请不要导入。" if said_no else "不需要处理。",
        asks=said_no or several,
        before=f"isExecutable={written}" if said_no else "",
        after="isExecutable=true",
    )


def _unmark(piece: Workpiece, process: Node) -> None:
    piece.note(
        "translated",
        "several_processes",
        process,
        "没有选它运行，已标为不可执行",
        "需要它时，请另外导入一次并选择它。",
        before=f"isExecutable={process.get('isExecutable')}",
        after="isExecutable=false",
    )
    piece.set(process, "isExecutable", "false")
