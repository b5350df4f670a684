"""What differs between two BPMN files, by the ids of the elements concerned."""

from __future__ import annotations

from lxml import etree

from processes.importing.workpiece import OLD_NAMESPACES
from processes.kinds import BPMN, DRAWING_NAMESPACES
from processes.safe_xml import decode

DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def differing(original: bytes, result: bytes, *, with_drawing: bool) -> set[str]:
    """Ids of elements that were added, taken away, moved or changed in anything of their own.

    A part without an id belongs to the nearest element around it that has one ("" for the root).
    """
    old, new = _tree(original), _tree(result)
    common = {n.get("id") for n in old.iter()} & {n.get("id") for n in new.iter()} - {None}
    before, after = (_contents(tree, common, with_drawing) for tree in (old, new))
    return {id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}


def _tree(data: bytes) -> etree._Element:
    text = decode(data).lstrip()
    if text.startswith("<?xml"):
        text = text[text.index("?>") + 2 :]
    for old in OLD_NAMESPACES:
        text = text.replace(old, BPMN)
    return etree.fromstring(text.strip().encode("utf-8", "surrogatepass"))


def _contents(root: etree._Element, common: set, with_drawing: bool) -> dict[str, list[tuple]]:
    """By owner: where each of its parts stands (beneath an element of both files), and what it is."""
    found: dict[str, list[tuple]] = {}
    waiting = [(root, "", "", 0)]
    while waiting:
        node, owner, anchor, depth = waiting.pop()
        tag = str(node.tag)
        if not with_drawing and tag == f"{{{DI}}}BPMNDiagram":
            continue
        is_drawn = isinstance(node.tag, str) and etree.QName(node).namespace in DRAWING_NAMESPACES
        id_ = (node.get("bpmnElement") if is_drawn else None) or node.get("id")
        owner = id_ or owner
        own = (anchor, depth, tag, sorted(node.attrib.items()), (node.text or "").strip())
        found.setdefault(owner, []).append(own)
        if (node.tail or "").strip():
            found[owner].append((anchor, depth, "tail", [], node.tail.strip()))
        inner = (id_, 0) if id_ in common else (anchor, depth + 1)
        waiting.extend((child, owner, *inner) for child in reversed(node))
    return {id_: sorted(parts, key=repr) for id_, parts in found.items()}
