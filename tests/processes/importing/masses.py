"""Imports made-up files in great number and tells which of them are not dealt with as promised.

    python -m tests.processes.importing.masses COUNT [FIRST_SEED]

prints for each fault the seed of its file, and writes nothing. `mutations.file_of(seed)` makes the file.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from unittest.mock import patch

from lxml import etree

from processes.diagram import read_diagram
from processes.importing import Imported, import_diagram, importer, judging
from processes.kinds import BPMN, FLOW_NODES
from processes.safe_xml import decode

from .mutations import file_of

DRAWN = 8  # one file in so many gets its new drawing, which takes longest
FEW_STATES = 60  # enough to walk; the limit itself is tested elsewhere
SLOW = 5.0


def faults_of(data: bytes) -> list[str]:
    """What is wrong with how a file is dealt with; empty when all is as promised."""
    try:
        found = import_diagram(data, "made.bpmn")
        return [*unsaid(found), *silent(data, found), *unsteady(found)]
    except Exception:
        return [traceback.format_exc()]


def unsaid(found: Imported) -> Iterator[str]:
    """Every note says what is the matter and what to do; a refusal is never without one."""
    if not found.notes and found.status != "runs":
        yield f"{found.status} without a note"
    for note in found.notes:
        if not (note.message and note.way_out and note.places):
            yield f"a note without message, way out or place: {note}"
        if "自动排版没有成功" in note.message or note.rule == "rule_crashed":
            yield f"a part of ours broke: {note.message}"
    if found.diagram is None and found.status != "refused":
        yield f"{found.status} without a diagram"


def silent(data: bytes, found: Imported) -> Iterator[str]:
    """Steps and flows of the file that are neither in the result nor in any note."""
    if found.diagram is None:
        return
    kept = {node.get("id") for node in etree.fromstring(found.diagram).iter(f"{{{BPMN}}}*")}
    read = read_diagram(found.diagram)
    known = {*read.elements, *read.flows}
    told = {id_ for note in found.notes for id_ in note.named}
    for node in _tree(data).iter("*"):
        id_, name = node.get("id"), etree.QName(node).localname
        if not id_ or name not in FLOW_NODES | {"sequenceFlow": ""}:
            continue
        if id_ in told or id_ in known:
            continue
        if id_ in kept and _elsewhere(node, found):
            continue  # in a process that does not run, which is told as a whole
        yield f"{name} {id_} is passed over"


def _tree(data: bytes) -> etree._Element:
    text = decode(data).lstrip("\ufeff \n\r\t")
    if text.startswith("<?xml"):
        text = text[text.index("?>") + 2 :]
    return etree.fromstring(text.strip().encode("utf-8", "surrogatepass"))


def _elsewhere(node: etree._Element, found: Imported) -> bool:
    around = [one for one in node.iterancestors() if etree.QName(one).localname == "process"]
    return (
        bool(around)
        and around[-1].get("id") != found.process
        and any(note.rule in {"several_processes", "process"} for note in found.notes)
    )


def unsteady(found: Imported) -> Iterator[str]:
    """What is made of a file is taken as it is when it is imported again."""
    if found.diagram is None:
        return
    again = import_diagram(found.diagram, "again.bpmn", process=found.process or None)
    if again.diagram is None:
        yield "the result is refused when it comes back"
    elif again.diagram != found.diagram:
        changed = [note.message for note in again.notes if note.kind == "translated"]
        yield f"the result changes when it comes back: {changed}"


def in_a_hurry(seed: int) -> AbstractContextManager[None]:
    """Fewer states to walk through, and most results as they are without a new drawing."""
    changes = [patch.object(judging, "MOST_STATES", FEW_STATES)]
    if seed % DRAWN:
        changes.append(patch.object(importer, "renew_drawing", lambda data: data))
    stack = ExitStack()
    for change in changes:
        stack.enter_context(change)
    return stack


def main() -> None:
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong = 0
    for seed in range(first, first + count):
        begun = time.process_time()
        with in_a_hurry(seed):
            faults = faults_of(file_of(seed))
        if (took := time.process_time() - begun) > SLOW:
            faults.append(f"took {took:.1f} s")
        wrong += bool(faults)
        for fault in faults:
            print(seed, fault, flush=True)
    print(f"{count} files, {wrong} not as promised")


if __name__ == "__main__":
    main()
