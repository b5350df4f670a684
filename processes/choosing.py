"""Chooses the one process of a file that runs, and says what becomes of the others."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.kinds import FLOW_NODES
from processes.node_reading import Node, local, name_of
from processes.notebook import Notebook


def choose_process(book: Notebook, processes: list[Node]) -> Node | None:
    """Return the executable process with content, or the first with content; None if empty."""
    full = [p for p in processes if any(local(c) in FLOW_NODES for c in nodes.bpmn_children(p))]
    executable = [p for p in full if nodes.is_true(p.get("isExecutable"))]
    if not full:
        _note_no_process(book, processes)
        return processes[0] if processes else None
    chosen = (executable or full)[0]
    if not executable and len(full) == 1:
        book.note(
            "not_executable",
            "warning",
            chosen,
            "流程没有标记为可执行（isExecutable）；因为只有它有内容，仍按它运行。",
            "请在编辑器里选中流程，勾选「可执行」。",
        )
    for other in full:
        if other is not chosen:
            _note_other_process(book, other, chosen, len(executable) != 1)
    return chosen


def _note_no_process(book: Notebook, processes: list[Node]) -> None:
    book.note(
        "no_process",
        "error",
        processes[0] if processes else book.root,
        "图里没有可以运行的流程，只有空的框或泳池。",
        "请画出流程的各个步骤，再上传。",
    )


def _note_other_process(book: Notebook, other: Node, chosen: Node, ambiguous: bool) -> None:
    if ambiguous:
        book.note(
            "several_processes",
            "error",
            other,
            f"一个文件里有几个流程，分不清该运行 {chosen.get('id')} 还是 {other.get('id')}。",
            "请只把一个流程标记为可执行，其余的另存成文件，用调用活动引用。",
        )
        return
    book.note(
        "several_processes",
        "warning",
        other,
        f"这个流程没有标记为可执行，只作图示；运行的是 {chosen.get('id')}。",
        "需要运行它时，请另存成文件，用调用活动引用。",
    )


def process_name(book: Notebook, process: Node) -> str:
    """The name of a process, or of its pool."""
    pool = pool_of(book, process)
    return name_of(process) or (name_of(pool) if pool is not None else "")


def pool_of(book: Notebook, process: Node) -> Node | None:
    """The pool that is drawn around a process."""
    for collaboration in nodes.bpmn_children(book.root, "collaboration"):
        for pool in nodes.bpmn_children(collaboration, "participant"):
            if book.reference(pool.get("processRef")) == process.get("id"):
                return pool
    return None
