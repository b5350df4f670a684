"""Makes the document that the engine parses: every id there, nothing that is only drawn."""

from __future__ import annotations

from lxml import etree

from processes.kinds import ARTIFACTS, BPMN, DATA
from processes.node_reading import Node, bpmn_children, local, namespace


def bare_model(root: Node, process: Node | None) -> bytes:
    """Strip `root` (it is changed) down to the process that runs, and write it as UTF-8."""
    for other in list(bpmn_children(root, "process")):
        if other is not process:
            root.remove(other)
    for node in list(root.iterchildren(etree.Element)):
        if namespace(node) != BPMN or local(node) == "collaboration":
            root.remove(node)
    if process is not None:
        process.set("isExecutable", "true")
        for node in list(process.iter(*(f"{{{BPMN}}}{kind}" for kind in (*DATA, *ARTIFACTS)))):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
