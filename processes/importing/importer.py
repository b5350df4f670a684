"""Imports one file: reads, translates, draws what is not drawn, checks and tries the result."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from processes.checks import FormFacts
from processes.diagram import Diagram, UnreadableDiagram, read_diagram
from processes.foreign import foreign_notes
from processes.importing import handlers, levels, people, running, steps, writing
from processes.importing.form_drafts import Forms, draft_forms
from processes.importing.judging import judge, note_of, relined, verdict
from processes.importing.notes import Imported, Note, Place, RoleQuestion, Trial, gathered
from processes.importing.workpiece import Workpiece
from processes.kinds import BPMN
from processes.layout import renew_drawing
from processes.layout.measuring import measure
from processes.library import gather_called
from processes.node_reading import Node, local, name_of, namespace
from processes.safe_xml import read_xml

# A drawing with these faults cannot be edited: what has no shape cannot be clicked.
_NOT_DRAWN = frozenset({"missing_shape", "missing_line"})


def import_diagram(
    data: bytes,
    source: str = "",
    *,
    process: str | None = None,
    roles: Mapping[str, str] | None = None,
    called: Mapping[str, bytes] | None = None,
    forms: FormFacts | None = None,
) -> Imported:
    """Turn any BPMN file into our dialect, and say what became of it.

    `process` is the id of the process that runs where the file has several. `roles` answers
    questions of an earlier import: key to a value of Role. `called` and `forms` are what the
    school has. Never raises for what is in the file; may take long, so strangers' files go
    through `import_in_process`.
    """
    try:
        piece = Workpiece(data)
        _refuse_other_roots(piece)
    except UnreadableDiagram as refusal:
        notes = gathered(note_of(finding) for finding in refusal.findings)
        return Imported(source, "refused", None, notes, {})
    questions: list[RoleQuestion] = []
    drafts = Forms()
    chosen = None
    if not _doubled(piece):
        steps.complete_processes(piece)
        chosen = running.choose(piece, process)
    if chosen is not None:
        questions, drafts = _translate(piece, chosen, roles or {})
    return _judged(piece, chosen, source, questions, drafts, called or {}, forms)


def _refuse_other_roots(piece: Workpiece) -> None:
    if local(piece.root) != "definitions" or namespace(piece.root) != BPMN:
        read_diagram(piece.data)  # tells what it is instead


def _doubled(piece: Workpiece) -> bool:
    """Whether an id stands twice: then nobody knows what a flow means, and nothing is touched."""
    ids = [node.get("id") for node in piece.root.iter(f"{{{BPMN}}}*") if node.get("id")]
    return len(ids) != len(set(ids))


def _translate(
    piece: Workpiece, process: Node, roles: Mapping[str, str]
) -> tuple[list[RoleQuestion], Forms]:
    steps.complete_ids(piece, process)
    steps.name_kinds(piece, process)
    steps.drop_data_wiring(piece, process)
    steps.name_links(piece, process)
    steps.name_messages(piece, process)
    levels.open_levels(piece, process)
    drafts = draft_forms(piece, process)
    writing.write_conditions(piece, process, drafts.names)
    writing.write_timers(piece, process, drafts.names)
    handlers.name_handlers(piece, process)
    return people.assign(piece, process, roles), drafts


def _judged(
    piece: Workpiece,
    chosen: Node | None,
    source: str,
    questions: list[RoleQuestion],
    drafts: Forms,
    called: Mapping[str, bytes],
    forms: FormFacts | None,
) -> Imported:
    """Read the result as the engine will, and gather everything there is to say."""
    result = piece.finished()
    lines = {str(n.get("id")): line for n, line in piece.lines.items() if n.get("id")}
    trial: Trial | None = None
    found: list[Note] = []
    elements = 0
    try:
        diagram = read_diagram(result, source)
    except UnreadableDiagram as refusal:
        found = [note_of(finding) for finding in refusal.findings]
    else:
        elements = len(diagram.elements)
        known: FormFacts = {**(forms or {}), **drafts.facts}
        own = _readable(diagram, called)
        judged, trial = judge(diagram, own, known, piece.notes)
        found = relined(judged, lines, _foreign_lines(piece))
    faults = {note.rule for note in found if note.kind == "refused"}
    usable = chosen is not None and elements > 0 and not faults & _UNUSABLE
    if usable:
        result = _drawn(piece, result)
    else:  # nothing comes of the file, so nothing was changed
        piece.notes = [note for note in piece.notes if note.kind != "translated"]
    notes = gathered([*piece.notes, *found])
    status = verdict(notes)
    return Imported(
        source=source,
        status=status,
        diagram=result if usable else None,
        notes=notes,
        forms=drafts.drafts if usable else {},
        process="" if chosen is None else str(chosen.get("id")),
        name="" if chosen is None else _name(piece, chosen),
        processes=tuple(choice for _, choice in running.choices(piece)),
        roles=tuple(questions),
        trial=trial,
        elements=elements,
    )


# Faults that an editor would lose when it saves, so nothing may be made of such a file.
_UNUSABLE = frozenset(
    {"dangling_reference", "duplicate_id", "wrong_namespace", "not_bpmn", "misplaced"}
)


def _foreign_lines(piece: Workpiece) -> dict[str, int]:
    """Where the file as it came holds what is not BPMN, by message."""
    return {found.message: found.line for found in foreign_notes(*read_xml(piece.data))}


def _name(piece: Workpiece, process: Node) -> str:
    id_ = str(process.get("id"))
    return next((one.name for _, one in running.choices(piece) if one.id == id_), name_of(process))


def _readable(diagram: Diagram, called: Mapping[str, bytes]) -> dict[str, Diagram]:
    try:
        return gather_called(diagram, called)
    except UnreadableDiagram:
        return {}


def _drawn(piece: Workpiece, result: bytes) -> bytes:
    """The result with a drawing: its own where it is whole, else a new one."""
    try:
        missing = [flaw for flaw in measure(result).flaws if flaw.kind in _NOT_DRAWN]
        if not missing:
            return result
        had = any(local(node) == "BPMNShape" for node in read_xml(piece.data)[0].iter("*"))
        renewed = renew_drawing(result)
    except Exception:  # a drawing may hold anything, and the diagram is worth more than its picture
        logging.getLogger(__name__).exception("drawing of an imported file failed")
        piece.notes.append(
            Note(
                "missing",
                "drawing",
                "画面不完整，自动排版没有成功",
                "请在编辑器里补画。",
                (Place(""),),
            )
        )
        return result
    told = (
        f"有 {len(missing)} 个图形或连线没有画出来，整张图已重新排版"
        if had
        else "文件里没有画面，已自动排版"
    )
    piece.notes.append(
        Note("translated", "drawing", told, "步骤和连线不变，只有位置变了。", (Place(""),))
    )
    return renewed
